// Watches a page from inside: when frames are made, when a picture is first painted, how long an input takes to the frame that shows it.
(() => {
  const watch = { frames: [], pictures: [], inputs: [], states: [] };
  window.__watch = watch;

  let running = false, last = 0;
  const tick = (now) => {
    if (!running) return;
    if (last > 0) watch.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  watch.begin = () => { watch.frames = []; last = 0; running = true; requestAnimationFrame(tick); };
  watch.end = () => { running = false; return watch.frames; };

  // The first time that each picture gets onto a canvas in the page; shapes are painted from canvases, pictures are not.
  const seen = new WeakSet();
  const paint = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (source, ...rest) {
    if (!(source instanceof HTMLCanvasElement) && !seen.has(source) && this.canvas.isConnected) {
      seen.add(source);
      painted((time) => watch.pictures.push({ time, width: source.width || source.naturalWidth }));
    }
    return paint.call(this, source, ...rest);
  };

  // A task posted from a frame runs after that frame was handed over for display.
  const channels = [];
  const painted = (tell) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channels.push(channel);
    channel.port1.onmessage = () => { channel.port1.close(); tell(performance.now()); };
    channel.port2.postMessage(0);
  });

  watch.kind = "";
  for (const kind of ["pointermove", "pointerdown", "keydown"]) {
    window.addEventListener(kind, (event) => {
      if (watch.kind !== kind) return;
      const begun = event.timeStamp;
      painted((time) => watch.inputs.push(time - begun));
    }, { capture: true });
  }
  watch.follow = (kind) => { watch.kind = kind; watch.inputs = []; };

  // How long a change takes until the server has acknowledged it, and the call alone.
  watch.steps = () => {
    let begun = 0;
    watch.states = [];
    watch.calls = [];
    window.addEventListener("keydown", (event) => { begun = event.timeStamp; }, { capture: true });
    new PerformanceObserver((list) => {
      for (const { name, duration, responseEnd } of list.getEntries()) {
        if (!name.endsWith("/steps")) continue;
        watch.states.push(responseEnd - begun);
        watch.calls.push(duration);
      }
    }).observe({ type: "resource" });
  };
})();

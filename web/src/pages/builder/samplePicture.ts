import type { PreviewPicture } from "./previewWork.js";

/** A drawn scene with things of several kinds, so that every figure has something to be tried on. */
const SCENE = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">
<rect width="1200" height="800" fill="#bfdcec"/><circle cx="1030" cy="120" r="60" fill="#f7e3a1"/>
<path d="M0 360 Q300 280 620 350 T1200 320 V800 H0Z" fill="#8fb37a"/><path d="M0 560 L1200 500 V700 L0 780Z" fill="#6f747c"/><path d="M40 668 L200 659 M300 652 L460 643 M560 637 L720 628 M820 621 L980 612 M1080 606 L1180 600" stroke="#e9e4d4" stroke-width="8"/>
<g><rect x="80" y="190" width="250" height="220" fill="#d9b48f"/><path d="M60 200 L205 90 L350 200Z" fill="#9c5340"/><rect x="180" y="300" width="60" height="110" fill="#6d4b36"/><rect x="105" y="240" width="55" height="50" fill="#eef4f7"/><rect x="260" y="240" width="50" height="50" fill="#eef4f7"/></g>
<g><rect x="985" y="250" width="26" height="160" fill="#6d4b36"/><circle cx="998" cy="220" r="85" fill="#4f8a54"/></g>
<g><path d="M520 575 q10 -62 70 -66 l40 -38 q8 -8 20 -8 h120 q14 0 24 10 l42 40 q60 4 66 30 l4 32Z" fill="#c8443c"/><path d="M648 476 h54 v34 h-88Z M714 476 h56 l34 34 h-90Z" fill="#dfeef5"/><circle cx="610" cy="578" r="30" fill="#25282d"/><circle cx="830" cy="566" r="30" fill="#25282d"/><circle cx="610" cy="578" r="13" fill="#b9bec6"/><circle cx="830" cy="566" r="13" fill="#b9bec6"/></g>
<g fill="#e8913c"><ellipse cx="430" cy="446" rx="66" ry="34"/><circle cx="368" cy="420" r="30"/><path d="M344 404 l4 -34 20 22Z M372 394 l20 -24 4 32Z"/><path d="M492 440 q44 -10 40 -62" fill="none" stroke="#e8913c" stroke-width="14" stroke-linecap="round"/></g><path d="M356 420 q6 5 12 0 M376 418 q6 5 12 0" stroke="#3b2412" stroke-width="3" fill="none"/>
<g fill="#5b5f68"><ellipse cx="930" cy="420" rx="34" ry="52"/><circle cx="930" cy="352" r="30"/><path d="M906 338 l2 -36 20 22Z M936 324 l20 -24 2 38Z"/><path d="M960 460 q46 12 50 -24" fill="none" stroke="#5b5f68" stroke-width="13" stroke-linecap="round"/></g><circle cx="920" cy="350" r="4" fill="#e6f29a"/><circle cx="941" cy="350" r="4" fill="#e6f29a"/>
<g fill="#8a5a34"><ellipse cx="240" cy="560" rx="92" ry="44"/><rect x="166" y="580" width="20" height="70" rx="9"/><rect x="206" y="586" width="20" height="68" rx="9"/><rect x="270" y="586" width="20" height="68" rx="9"/><rect x="304" y="580" width="20" height="70" rx="9"/><path d="M306 548 l40 -66 56 8 22 26 -8 18 -42 6 -24 36Z"/><path d="M348 480 q-26 10 -20 52 q20 2 30 -30Z" fill="#6d4426"/><path d="M154 548 q-48 -30 -40 -64" fill="none" stroke="#8a5a34" stroke-width="15" stroke-linecap="round"/></g><circle cx="384" cy="498" r="5" fill="#20140b"/>
<g><circle cx="1090" cy="395" r="26" fill="#e7bd9b"/><path d="M1062 424 h56 l10 110 h-76Z" fill="#35618f"/><rect x="1066" y="530" width="20" height="92" fill="#2c323b"/><rect x="1096" y="530" width="20" height="92" fill="#2c323b"/></g>
</svg>`;

export const SAMPLE: PreviewPicture = { url: `data:image/svg+xml,${encodeURIComponent(SCENE)}`, width: 1200, height: 800 };

/** A picture of the person's own, which stays in the browser. */
export async function ownPicture(file: File): Promise<PreviewPicture> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    throw new Error(`"${file.name}" is no picture that this browser can show.`);
  }
  return { url, width: image.naturalWidth, height: image.naturalHeight };
}

/** `crypto.randomUUID` exists in secure contexts only; `getRandomValues` also where the program is reached by plain HTTP in a local network. */
function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

function format(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A random UUID (RFC 9562, version 4). */
export function uuid4(): string {
  return format(randomBytes(), 4);
}

let lastTime = 0;
let counter = 0;

/**
 * A time-ordered UUID (RFC 9562, version 7). The 12 bits after the time count within one millisecond and the time never goes back,
 * so ids made by one page sort in the order they were made.
 */
export function uuid7(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastTime += 1;
    counter = 0;
  }
  const bytes = randomBytes();
  let rest = lastTime;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = counter >> 8;
  bytes[7] = counter & 0xff;
  return format(bytes, 7);
}

// What one candidate may hold, whichever way it comes in: made by a generator, answered for a leased job, or imported.

/** Characters of its text. */
export const MAX_TEXT_LENGTH = 1_000_000;
/** Assets, the main one included. */
export const MAX_ASSETS = 20;
/** Of its `meta` as JSON. */
const MAX_META_BYTES = 256 * 1024;

/** Whether its `meta` is more than 256 kB. */
export function isTooMuchMeta(meta: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(meta)) > MAX_META_BYTES;
}

export interface UploadLimit {
  readonly maxBytes: number;
  /** Whatever brings fewer than `leastBytes` in so many milliseconds has stalled. */
  readonly stalledMs: number;
  readonly leastBytes: number;
}

/** Well below what any network carries, and above what is sent only to keep a place. Node ends a request after 5 minutes. */
export const STALLED = { stalledMs: 20_000, leastBytes: 64 * 1024 } as const;

/**
 * The bytes of a body that comes; none where a request has no body.
 *
 * @returns `"stalled"` or `"too large"` where the rest is not waited for: it is left in the connection
 * @throws whatever ends the body before its end
 */
export async function readUpload(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, stalledMs, leastBytes }: UploadLimit,
): Promise<Uint8Array | "stalled" | "too large"> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let lookedAt = 0;
  const stalled = Promise.withResolvers<"stalled">();
  const watch = setInterval(() => {
    if (bytes - lookedAt < leastBytes) stalled.resolve("stalled");
    lookedAt = bytes;
  }, stalledMs);
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), stalled.promise]);
      if (next === "stalled") return next;
      if (next.done) return Buffer.concat(chunks, bytes);
      bytes += next.value.byteLength;
      if (bytes > maxBytes) return "too large";
      chunks.push(next.value);
    }
  } finally {
    clearInterval(watch);
  }
}

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** What is kept cannot be opened as a picture, or not to its end. */
export class DamagedPictureError extends Error {
  override readonly name = "DamagedPictureError";
}

export interface PreviewMaker {
  /**
   * A WebP picture, at most `width` pixels wide. Made once, kept.
   *
   * @throws DamagedPictureError where the original is no whole picture
   */
  preview(sha256: string, width: number, original: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

/** Makes smaller pictures with sharp, off this thread, and keeps them beside the assets. */
export function previewMaker(folder: string, onError: (error: unknown) => void): PreviewMaker {
  // Several people open a page at once: each picture is made once all the same.
  const making = new Map<string, Promise<Uint8Array>>();
  const make = async (path: string, width: number, original: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const whole = await original();
    // As strict as what keeps pictures: what was accepted has a preview.
    const bytes = await sharp(whole, { limitInputPixels: 64_000_000, failOn: "truncated" })
      .rotate()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer()
      .catch((cause: unknown) => {
        throw new DamagedPictureError("This picture is damaged: no preview can be made of it.", { cause });
      });
    const draft = `${path}.${randomUUID()}.draft`;
    // What cannot be kept is made again: a full disk costs time, not the page.
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(draft, bytes))
      .then(() => rename(draft, path))
      .catch(onError);
    return bytes;
  };
  return {
    async preview(sha256, width, original) {
      const path = join(folder, sha256.slice(0, 2), `${sha256}.${width}.webp`);
      const kept = await readFile(path).catch(() => undefined);
      if (kept) return kept;
      const pending = making.get(path) ?? make(path, width, original).finally(() => making.delete(path));
      making.set(path, pending);
      return await pending;
    },
  };
}

import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AssetStore, GeneratorError, pictureType, type StoredAsset } from "@sluice/engine";
import sharp from "sharp";

/** More than any picture for comparing needs. */
export const MAX_ASSET_BYTES = 32 * 1024 * 1024;
/** A small file can unpack to more pixels than the machine has memory for. */
const MAX_PIXELS = 64_000_000;

/**
 * Keeps assets as files named by their SHA-256, two levels deep. A file appears whole or not at all: it is written
 * under another name, flushed, and renamed.
 */
export function folderStore(folder: string): AssetStore & { pathOf(sha256: string): string } {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
  return {
    pathOf,
    read: async (sha256) => await readFile(pathOf(sha256)),
    async discard(sha256, before) {
      const path = pathOf(sha256);
      const aside = `${path}.${randomUUID()}.draft`;
      if (!(await isDone(rename(path, aside)))) return true;
      // Whoever put it before it was moved has touched it; whoever puts it from now on writes it anew.
      if ((await stat(aside)).mtime >= before) {
        await rename(aside, path);
        return false;
      }
      await rm(aside);
      return true;
    },
    async put(bytes) {
      const asset = await describe(bytes);
      const path = pathOf(asset.sha256);
      if (await isKept(path)) return asset;
      const draft = `${path}.${randomUUID()}.draft`;
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(draft, "wx");
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw new GeneratorError(wordsFor(error as NodeJS.ErrnoException, folder), { retryable: true, cause: error });
      }
      return asset;
    },
  };
}

async function describe(bytes: Uint8Array): Promise<StoredAsset> {
  if (bytes.byteLength > MAX_ASSET_BYTES) {
    throw new GeneratorError(`The file has ${bytes.byteLength} bytes; at most ${MAX_ASSET_BYTES} are kept.`, {
      retryable: false,
    });
  }
  const mediaType = pictureType(bytes);
  if (!mediaType) {
    throw new GeneratorError("The file is no PNG, JPEG, WebP, GIF or AVIF picture.", { retryable: false });
  }
  const { width, height } = await measure(bytes).catch((cause: unknown) => {
    throw new GeneratorError("The picture is damaged or too large to be opened.", { retryable: false, cause });
  });
  return {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    mediaType,
    bytes: bytes.byteLength,
    width: width ?? null,
    height: height ?? null,
  };
}

/** Its header says how large it is; only who decodes it knows whether the rest of it came too. */
async function measure(bytes: Uint8Array): Promise<{ width?: number; height?: number }> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: "truncated", sequentialRead: true } as const;
  const { width, height } = await sharp(bytes, options).metadata();
  await sharp(bytes, options).resize(8, 8, { fit: "fill" }).raw().toBuffer();
  return { width, height };
}

/** Whether a file is there; its time then says that it was put just now. */
async function isKept(path: string): Promise<boolean> {
  const now = new Date();
  try {
    return await isDone(utimes(path, now, now));
  } catch {
    // A folder that may only be read still has what it has.
    return await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
  }
}

/** @returns false where there is no such file */
async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function wordsFor(error: NodeJS.ErrnoException, folder: string): string {
  if (error.code === "ENOSPC") return `The disk is full: nothing can be kept in ${folder}. Make room there.`;
  if (error.code === "EACCES" || error.code === "EROFS") return `Sluice may not write to ${folder}.`;
  return `The asset could not be kept in ${folder}: ${error.message}`;
}

import { makeZip } from "client-zip";

/** A file of an archive. */
export interface ZippedFile {
  /** Its path in the archive, with `/` between folders. */
  readonly name: string;
  readonly lastModified: Date;
  readonly input: Uint8Array | string;
}

/**
 * A ZIP archive of files as they come, one in memory at a time. They are stored as they are: pictures are compressed
 * already. Whoever stops reading ends the generator of the files, too.
 */
export async function* zipped(files: AsyncGenerator<ZippedFile, void>): AsyncGenerator<Uint8Array, void> {
  const reader = makeZip(files).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // It throws into the generator of the files, which gives that back.
    await reader.cancel().catch(() => undefined);
    await files.return();
  }
}

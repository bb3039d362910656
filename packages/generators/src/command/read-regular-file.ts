import { constants, open } from "node:fs/promises";

/** What is there is nothing that is read; the message continues a sentence. */
export class NotReadable extends Error {
  override readonly name = "NotReadable";
}

/**
 * Reads a file that a program has left. What else may lie there is refused and never waited for: a link, a folder, or a
 * FIFO, whose opening would wait for a writer.
 *
 * @throws NotReadable for what is no file, or larger; the system's errors
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const found = await file.stat();
  if (!found.isFile()) throw new NotReadable("which is no ordinary file");
  const tooLarge = (size: string) => new NotReadable(`which has ${size} bytes; at most ${maxBytes} are taken`);
  if (found.size > maxBytes) throw tooLarge(`${found.size}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // It may grow while it is read.
  for await (const chunk of file.createReadStream({ start: 0, end: maxBytes, autoClose: false })) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  if (bytes > maxBytes) throw tooLarge(`more than ${maxBytes}`);
  return Buffer.concat(chunks);
}

/** What a picture is, by its first bytes; undefined where Sluice keeps no such thing. */
export function imageType(bytes: Uint8Array): string | undefined {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (ascii(0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return "image/webp";
  if (ascii(0, 6) === "GIF87a" || ascii(0, 6) === "GIF89a") return "image/gif";
  if (ascii(4, 12) === "ftypavif") return "image/avif";
  return undefined;
}

/** How the first bytes look, for people who wonder what it is instead. */
export function firstBytes(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return "nothing";
  const text = new TextDecoder().decode(bytes.subarray(0, 60));
  const printable = [...text].every((character) => character >= " " || "\n\r\t".includes(character));
  return printable ? `"${text.replaceAll(/\s+/g, " ").trim()}"` : `${bytes.byteLength} bytes of something else`;
}

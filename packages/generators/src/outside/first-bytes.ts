/** How the first bytes look, for people who wonder what it is instead. */
export function firstBytes(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return "nothing";
  const text = new TextDecoder().decode(bytes.subarray(0, 60));
  const printable = [...text].every((character) => character >= " " || "\n\r\t".includes(character));
  return printable ? `"${text.replaceAll(/\s+/g, " ").trim()}"` : `${bytes.byteLength} bytes of something else`;
}

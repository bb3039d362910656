/** Without line ends and other control characters: they would end a line, or a header, and begin another. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

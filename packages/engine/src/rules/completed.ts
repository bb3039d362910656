/** A sentence with its full stop, where it has no end of its own: what others say often has none. */
export function completed(text: string): string {
  const words = text.trim();
  return words === "" || /[.!?…:](["'”’)]?)$/.test(words) ? words : `${words}.`;
}

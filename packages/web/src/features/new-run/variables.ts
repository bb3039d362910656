export type ParsedVariables =
  | { readonly ok: true; readonly value: Record<string, unknown> | undefined }
  | { readonly ok: false; readonly words: string };

/** Reads the variables field: empty means none; anything else has to be one JSON object. */
export function parseVariables(text: string): ParsedVariables {
  if (text.trim() === "") return { ok: true, value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, words: `This is not valid JSON${where(text, error)}. Example: { "season": "autumn" }` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, words: 'Variables are one object with names and values, such as { "season": "autumn" }.' };
  }
  return { ok: true, value: value as Record<string, unknown> };
}

/** " (line 2, column 7)" where the browser tells the place: as an offset or as line and column. */
function where(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const spelled = /line (\d+) column (\d+)/.exec(message);
  if (spelled) return ` (line ${spelled[1]}, column ${spelled[2]})`;
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return "";
  const lines = text.slice(0, Number(offset)).split("\n");
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`;
}

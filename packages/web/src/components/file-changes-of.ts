/** What an agent did to one file. */
export interface FileChange {
  readonly file: string;
  /** Such as "added" or "modified". */
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  /** As git writes it; null where it was too long to be kept. */
  readonly patch: string | null;
}

/** The changes that a generator has kept with a candidate; none where it kept something else, or nothing. */
export function fileChangesOf(meta: unknown): readonly FileChange[] {
  if (!isObject(meta) || !Array.isArray(meta.diff)) return [];
  return meta.diff.flatMap((each: unknown) => {
    if (!isObject(each) || typeof each.file !== "string") return [];
    const { file, status, additions, deletions, patch } = each;
    return [
      {
        file,
        status: typeof status === "string" ? status : "changed",
        additions: typeof additions === "number" ? additions : 0,
        deletions: typeof deletions === "number" ? deletions : 0,
        patch: typeof patch === "string" && patch !== "" ? patch : null,
      },
    ];
  });
}

export interface PatchLine {
  readonly text: string;
  readonly kind: "added" | "removed" | "place" | "same";
}

/** The lines of a patch, without those that only name the file again. */
export function patchLines(patch: string): readonly PatchLine[] {
  const lines = patch.replace(/\n$/, "").split("\n");
  const first = lines.findIndex((line) => line.startsWith("@@"));
  return lines.slice(Math.max(first, 0)).map((text) => ({ text, kind: kindOf(text) }));
}

function kindOf(line: string): PatchLine["kind"] {
  if (line.startsWith("@@")) return "place";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "same";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

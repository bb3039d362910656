export const FIELDS = [
  "pipeline",
  "approvalTemplate",
  "name",
  "prompt",
  "maxChildrenPerNode",
  "defaultTopK",
  "variables",
  "maxCostUsd",
  "maxJobs",
] as const;
export type Field = (typeof FIELDS)[number];

/** The form's field that the API's `InvalidInputError.field` means ("input.prompt" or "prompt"); undefined for none of them. */
export function fieldOf(path: string | null | undefined): Field | undefined {
  const parts = (path ?? "").split(".");
  return FIELDS.find((field) => parts.includes(field));
}

/** What JSON and YAML call an object, or a mapping, as the document's checks meet it before its shape is known. */
export interface Mapping {
  readonly [key: string]: unknown;
  readonly type?: unknown;
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly generators?: unknown;
  readonly pipelines?: unknown;
  readonly steps?: unknown;
  readonly config?: unknown;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

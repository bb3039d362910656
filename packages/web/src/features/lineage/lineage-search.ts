/** What of the lineage page is in its address. */
export interface LineageSearch {
  /** The candidate that is chosen. */
  readonly candidate?: string | undefined;
  /** Only what goes on. */
  readonly advancing?: true | undefined;
  /** A tree where it is left out. */
  readonly view?: "list" | undefined;
}

/** What is not understood is left out. */
export function parseLineageSearch(search: Record<string, unknown>): LineageSearch {
  return {
    ...(typeof search.candidate === "string" ? { candidate: search.candidate } : {}),
    ...(search.advancing === true ? { advancing: true } : {}),
    ...(search.view === "list" ? { view: "list" } : {}),
  };
}

/** At most as many ids fit into an address, which servers take up to 16 kB of. */
export const MOST_NAMED = 400;

interface OfRun {
  readonly runNumber: number;
}

interface Files extends OfRun {
  /** The position of a step; all steps where it is left out. */
  readonly step?: number | undefined;
  readonly advancing?: boolean;
  /** Only these. */
  readonly ids?: readonly string[];
}

/** Where the files of candidates are, as one archive with a manifest of everything that is known of them. */
export function filesLink({ runNumber, step, advancing = false, ids }: Files): string {
  const query = new URLSearchParams();
  if (step !== undefined) query.set("step", String(step));
  if (advancing) query.set("advancing", "true");
  const path = address(`/export/runs/${runNumber}/candidates.zip`, query);
  // The commas as they are: written out they would take as much room again.
  return ids ? `${path}${query.size === 0 ? "?" : "&"}ids=${ids.map(encodeURIComponent).join(",")}` : path;
}

/** Where the votes are as preferences: one line for each, with what was chosen and what was not. */
export function preferencesLink({ runNumber, step }: Pick<Files, "runNumber" | "step">): string {
  const query = new URLSearchParams({ run: String(runNumber) });
  if (step !== undefined) query.set("step", String(step));
  return address("/export/preferences.jsonl", query);
}

function address(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query}`;
}

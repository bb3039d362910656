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
  if (ids) query.set("ids", ids.join(","));
  return address(`/export/runs/${runNumber}/candidates.zip`, query);
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

/**
 * Where people look at a run.
 *
 * @param origin of the dashboard, without a slash at its end
 * @param id the API's id of the run
 */
export function runUrl(origin: string, id: string): string {
  return `${origin}/runs/${encodeURIComponent(id)}`;
}

/** Groups what failed by what went wrong, in the order of their first members. No group is empty. */
export function sameErrors<Job extends { readonly error: string | null }>(jobs: readonly Job[]): [Job, ...Job[]][] {
  const groups = new Map<string | null, [Job, ...Job[]]>();
  for (const job of jobs) {
    const group = groups.get(job.error);
    if (group) group.push(job);
    else groups.set(job.error, [job]);
  }
  return [...groups.values()];
}

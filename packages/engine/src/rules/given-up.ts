/**
 * SQL for the jobs whose slots stay empty until somebody retries them: they failed for good, or a person has cancelled
 * them. What was cancelled for another reason has no slot any more.
 *
 * @param job how the statement calls the row of `jobs`
 */
export function givenUp(job: string): string {
  return `(${job}.status = 'FAILED' OR ${job}.cancelled_by_id IS NOT NULL)`;
}

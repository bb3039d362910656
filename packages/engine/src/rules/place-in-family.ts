/**
 * SQL for what a candidate is called where there is no room for its picture: its ordinal and those of three generations
 * before it, "2.1.3.1". It tells the candidates of a step apart in pipelines of up to four steps, and nearly so beyond.
 *
 * @param candidate alias of the candidate's row
 */
export function placeInFamily(candidate: string): string {
  return `(
    SELECT concat_ws('.', before.ordinal, grandparent.ordinal, parent.ordinal, ${candidate}.ordinal)
    FROM (SELECT ${candidate}.parent_id AS id) own
    LEFT JOIN candidates parent ON parent.id = own.id
    LEFT JOIN candidates grandparent ON grandparent.id = parent.parent_id
    LEFT JOIN candidates before ON before.id = grandparent.parent_id)`;
}

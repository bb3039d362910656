/**
 * The address of a row of `actors` that policies may go by: one that somebody wrote for themselves says nothing about who
 * they are. Mail goes to the column itself.
 *
 * @param actors alias of the table
 */
export const verifiedEmail = (actors: string): string => `CASE WHEN ${actors}.email_verified THEN ${actors}.email END`;

/** The columns of `actors` that a policy looks at: `name`, `role`, `kind` and `email`. */
export const policyPerson = (actors: string): string =>
  `${actors}.name, ${actors}.role, ${actors}.kind, ${verifiedEmail(actors)} AS email`;

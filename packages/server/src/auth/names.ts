import { hasInvisible, InvalidInputError, nameKey, normalName, type Queryable } from "@sluice/engine";

/** Whom SLUICE_ADMIN_TOKEN acts as; what it may do is the setting's matter. */
export const ADMIN_NAME = "admin token";

/** What decisions say of Sluice itself: nobody is called so. */
const RESERVED: ReadonlySet<string> = new Set([ADMIN_NAME, "policy", "sluice"]);

const NAME_LENGTH = 60;
/** Their letters look alike: within one word they are there to deceive. */
const LOOK_ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/**
 * A name as it is kept: with one way to write each character (NFKC), and single spaces.
 * @throws InvalidInputError when it cannot be one
 */
export function checkName(text: string): string {
  const name = normalName(text);
  if (name === "") wrong("Say a name, by which others will know you.");
  if (name.length > NAME_LENGTH) wrong(`A name has ${NAME_LENGTH} characters at most.`);
  if (hasInvisible(name)) wrong("A name has no characters in it that cannot be seen.");
  // Policies name people, addresses and roles side by side.
  if (name.includes("@")) wrong("A name has no “@” in it: policies would take it for an email address.");
  if (/^role:/i.test(name)) wrong("A name cannot begin with “role:”, which means a role.");
  for (const word of name.split(" ")) {
    if (LOOK_ALIKE.filter((script) => script.test(word)).length > 1)
      wrong(`“${word}” mixes alphabets whose letters look alike. Write it in one.`);
  }
  if (isReserved(name)) wrong(`“${name}” is what Sluice calls something of its own. Choose another name.`);
  return name;
}

export function isReserved(name: string): boolean {
  return RESERVED.has(nameKey(name));
}

/**
 * Refuses a name that somebody chooses for themselves where it means somebody already: policies and decisions go by
 * names, so whoever could choose one of theirs would be taken for them. An owner who gives the name knows to whom.
 *
 * @throws InvalidInputError where a policy, a decision or an invitation knows it
 */
export async function assertNobodyMeant(db: Queryable, name: string): Promise<void> {
  const key = nameKey(name);
  const former = await db.maybe(`SELECT 1 FROM former_names WHERE name_key = $1 LIMIT 1`, [key]);
  const meant = former ? [] : await db.many<{ name: string }>(NAMES_THAT_MEAN_SOMEBODY);
  if (former || meant.some((known) => nameKey(known.name) === key))
    throw new InvalidInputError("An owner has to give you this name: ask for an invitation with it.", "name");
}

/** Wherever a policy or an invitation says them. JSON keys: `approvers` and `escalateTo` of DecisionPolicy. */
const NAMES_THAT_MEAN_SOMEBODY = `
  SELECT DISTINCT person #>> '{}' AS name FROM (
    SELECT policy FROM pipeline_steps WHERE policy <> '{}'
    UNION ALL SELECT policy FROM pipeline_run_steps WHERE policy <> '{}'
    UNION ALL SELECT approval_templates FROM pipelines WHERE approval_templates <> '[]'
  ) policies, jsonb_path_query(policy, 'strict $.**.people[*]', silent => true) person
  UNION SELECT unnest(escalated_to) FROM alerts
  UNION SELECT name FROM invitations
    WHERE name IS NOT NULL AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()`;

function wrong(message: string): never {
  throw new InvalidInputError(message, "name");
}

/** Empty-looking characters, which Unicode does not all count as invisible. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * A person's name as it is kept, in the form in which names are compared: compatibility forms composed (NFKC), and single
 * spaces within. A policy that names somebody goes through the same, or it would never match. Upper and lower case differ.
 */
export function normalName(text: string): string {
  return text.normalize("NFKC").trim().replaceAll(/\s+/g, " ");
}

/** Whether there are characters in it that nobody sees: two names could look the same. */
export function hasInvisible(name: string): boolean {
  return INVISIBLE.test(name);
}

/** What two names have in common that people would take for the same. Kept with each actor, and unique. */
export function nameKey(name: string): string {
  // By way of upper case, so that ß and ss, ς and σ are the same.
  return name.normalize("NFKC").toUpperCase().toLowerCase();
}

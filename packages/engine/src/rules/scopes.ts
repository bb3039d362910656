import { RIGHTS, type Right } from "../actor.ts";

/** An API key's rights are kept as permissions on this one resource: `{"sluice": ["VIEW", …]}`. */
export const SCOPE_RESOURCE = "sluice";

/**
 * The scopes of an API key, from the JSON that they are kept as; null where it has none of its own. What cannot be read
 * allows nothing.
 */
export function scopesOf(permissions: string | null): readonly Right[] | null {
  if (permissions === null) return null;
  try {
    const named: unknown = (JSON.parse(permissions) as Record<string, unknown> | null)?.[SCOPE_RESOURCE];
    return Array.isArray(named) ? RIGHTS.filter((right) => named.includes(right)) : [];
  } catch {
    return [];
  }
}

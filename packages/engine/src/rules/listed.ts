const SHOWN = 5;

/** "nobody", "ada", "ada and bob", "ada, bob, carol, dan and 7 others". */
export function listed(names: readonly string[]): string {
  const shown =
    names.length > SHOWN ? [...names.slice(0, SHOWN - 1), `${names.length - SHOWN + 1} others`] : [...names];
  const last = shown.pop() ?? "nobody";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

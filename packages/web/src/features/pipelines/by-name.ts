/** As people look for names: capitals do not come first, and 10 comes behind 9. */
const ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return ORDER.compare(a.name, b.name);
}

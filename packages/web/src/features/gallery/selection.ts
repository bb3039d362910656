/** What is selected, in the order it was selected in. */
export type Selection = readonly string[];

export function toggled(selection: Selection, id: string): Selection {
  return selection.includes(id) ? selection.filter((each) => each !== id) : [...selection, id];
}

/** Adds everything between two places of the list, both included. */
export function withRange(selection: Selection, ids: readonly string[], from: number, to: number): Selection {
  const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  return [...new Set([...selection, ...range])];
}

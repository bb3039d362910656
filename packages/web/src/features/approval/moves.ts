/** How far a candidate has moved in a ranking: places up, negative for down; "new" where it was not there before. */
export type Move = number | "new";

/** What has moved from one order of ids to another; those in the same place are left out. */
export function movesOf(before: readonly string[], now: readonly string[]): ReadonlyMap<string, Move> {
  const places = new Map(before.map((id, place) => [id, place]));
  const moves = new Map<string, Move>();
  for (const [place, id] of now.entries()) {
    const was = places.get(id);
    if (was === undefined) moves.set(id, "new");
    else if (was !== place) moves.set(id, was - place);
  }
  return moves;
}

/** Who would advance now and would not have before, with the same K. */
export function enteredOf(before: readonly string[], now: readonly string[], topK: number): readonly string[] {
  const inside = new Set(before.slice(0, topK));
  return now.slice(0, topK).filter((id) => !inside.has(id));
}

export function sameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}

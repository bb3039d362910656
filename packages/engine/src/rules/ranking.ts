/** What the order of candidates depends on. Elo is on the 1000-centred scale and must be a finite number. */
export interface Rankable {
  id: number;
  elo: number;
  voteCount: number;
  createdAt: Date;
}

/**
 * G3: the one order of candidates — highest Elo first; equal Elo → more votes first → older first → smaller id. Ids are
 * unique within a step, so two candidates never compare as equal and the order does not depend on how they were read.
 */
export function compareRank(a: Rankable, b: Rankable): number {
  return (
    ascending(b.elo, a.elo) ||
    ascending(b.voteCount, a.voteCount) ||
    ascending(a.createdAt.getTime(), b.createdAt.getTime()) ||
    ascending(a.id, b.id)
  );
}

/** A new array, best first. */
export function rankCandidates<T extends Rankable>(candidates: readonly T[]): T[] {
  return candidates.toSorted(compareRank);
}

/**
 * G3, G4: what advances and what does not when a gate opens with K; both best first. K is a maximum: fewer candidates
 * than K all advance. Preview, approval and tests all cut here, so that they cannot disagree.
 *
 * @throws RangeError when K is not a whole number of at least 1
 */
export function topK<T extends Rankable>(candidates: readonly T[], k: number): { advancing: T[]; others: T[] } {
  requireK(k);
  const ranked = rankCandidates(candidates);
  return { advancing: ranked.slice(0, k), others: ranked.slice(k) };
}

/** G4: refuses a K that is not a whole number of at least 1 with the sentence people are shown. */
export function requireK(k: number): void {
  if (!(k >= 1)) throw new RangeError("K must be at least 1");
  if (!Number.isInteger(k)) throw new RangeError(`K must be a whole number, not ${k}`);
}

/** By comparison, not subtraction: `Infinity - Infinity` is NaN, which a sort takes for "equal". */
function ascending(a: number, b: number): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

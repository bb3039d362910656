/** Where everyone starts, and the centre of the scale. */
export const START_ELO = 1000;

/** 400 Elo are odds of 10 to 1, so one logit is 400 / ln 10 = 173.7178 Elo. */
export const ELO_PER_LOGIT = 400 / Math.LN10;

/**
 * A Bradley–Terry strength θ (logits) as Elo, rounded to 0.001.
 *
 * The rounding is what makes equal records EQUAL. The optimum gives candidates with mirrored records the same θ, but
 * floating point sums it in a different order for each and leaves a difference near 1e-13 Elo. Unrounded, that noise
 * would decide who advances, ahead of G3's "more votes first → older first"; and the ratings would depend on the
 * order of the votes (V3). 0.001 Elo is a hundred-thousandth of a typical error bar, so nothing that means anything
 * is lost.
 */
export function toElo(theta: number): number {
  return Math.round((START_ELO + ELO_PER_LOGIT * theta) * 1000) / 1000;
}

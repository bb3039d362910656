import { InvalidInputError } from "@sluice/engine";

/** What was typed, so that a refusal loses nothing. */
export interface DecisionForm {
  readonly topK?: string | undefined;
  readonly comment?: string | undefined;
  readonly overrideReason?: string | undefined;
}

/** What the form behind a link sends; anybody can send something else. */
export interface PostedForm extends DecisionForm {
  readonly verdict?: string | undefined;
  readonly rankingVersion?: string | undefined;
}

/** The largest number that the columns hold. */
const MAX_NUMBER = 2_147_483_647;

/** A whole number from 0 on; undefined for anything else. */
export function numberIn(text: string | undefined): number | undefined {
  const digits = /^\d{1,10}$/.exec(text?.trim() ?? "")?.[0];
  return digits !== undefined && Number(digits) <= MAX_NUMBER ? Number(digits) : undefined;
}

/**
 * What an approval takes.
 *
 * @throws InvalidInputError with what is to be done at the form
 */
export function approvalIn(form: PostedForm): { readonly topK: number; readonly rankingVersion: number } {
  // G7: nobody approves what they have not seen.
  const rankingVersion = numberIn(form.rankingVersion);
  if (rankingVersion === undefined) {
    throw new InvalidInputError(
      "The form did not say which ranking you saw. Look at the one below, then decide.",
      "rankingVersion",
    );
  }
  const topK = numberIn(form.topK);
  if (topK === undefined && form.topK?.trim().startsWith("-") !== true) {
    throw new InvalidInputError("Say how many advance at most: K is a whole number from 1.", "topK");
  }
  // Below 1 the command refuses, in the words that everybody gets (G4).
  return { topK: topK ?? 0, rankingVersion };
}

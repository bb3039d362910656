import { z } from "zod";

// Optional, and not empty: `approvers:` with nothing behind it would otherwise pass for "anybody".

/** More people than that agree on nothing. */
const MAX_PEOPLE = 100;

const people = (what: string) =>
  z
    .array(z.string().trim().min(1).max(200))
    .min(1, `${what} must name somebody: a person, an email address, or a role such as role:approver.`)
    .max(MAX_PEOPLE)
    .optional();
const votes = z.int().min(1).max(1_000);
const confidence = z
  .number()
  .positive("A confidence must be more than 0, such as 0.8.")
  .max(1, "A confidence is a share from 0 to 1, such as 0.8 for 80 %.");

/** Less than even chances prove nothing, and would open a gate on any votes. */
const certain = z
  .number()
  .min(0.5, 'The "confidence" of "automatic" must be 0.5 to 1, such as 0.95: with less, any votes would open the gate.')
  .max(1, "A confidence is a share from 0 to 1, such as 0.8 for 80 %.");

/** Ratings have a mean of 1000, and no votes bring one beyond these. */
const elo = z
  .number()
  .min(0, 'The "elo" of "automatic" must be 0 to 4000, such as 1100: everybody begins at 1000.')
  .max(4_000, 'The "elo" of "automatic" must be 0 to 4000, such as 1100: everybody begins at 1000.');

/** The keys of `automatic`. Which of them go together is checked when the step is resolved. */
export const automaticKeys = { votes, confidence: certain.optional(), elo: elo.optional() };

/** What a step, and a step of an approval template, may say about who decides its gate and on what evidence. */
export function policyKeys<Automatic extends z.ZodType>(automatic: Automatic) {
  return {
    approvers: people('"approvers"'),
    quorum: z.int().min(1).max(MAX_PEOPLE).optional(),
    exclude_creator: z.boolean().optional(),
    min_votes: votes.optional(),
    min_confidence: confidence.optional(),
    automatic: automatic.optional(),
    escalate_to: people('"escalate_to"'),
    max_rounds: z.int().min(1).max(100).optional(),
  };
}

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

/** The keys of `automatic`. Which of them go together is checked when the step is resolved. */
export const automaticKeys = { votes, confidence: confidence.optional(), elo: z.number().optional() };

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

import type { automaticKeys, policyKeys } from "./policy-keys.ts";

/** What editors say about the keys of `automatic`. */
export const automaticDescriptions: { readonly [Key in keyof typeof automaticKeys]: string } = {
  votes: "Votes that every candidate needs before the gate opens by itself.",
  confidence: "How sure the cut has to be, 0.5 to 1. This or elo.",
  elo: "What every candidate that would advance has to be rated, 0 to 4000. This or confidence.",
};

/** What editors say about the keys of a policy. */
export const policyDescriptions: { readonly [Key in keyof ReturnType<typeof policyKeys>]: string } = {
  approvers:
    "Who may decide the gate: names, email addresses, or roles such as role:approver. Default: whoever may decide.",
  quorum: "How many different people have to approve the same cut. Default 1.",
  exclude_creator: "Whoever created the run may not decide. Default false.",
  min_votes: "Votes that every candidate needs before a person may open the gate.",
  min_confidence: "How sure the cut has to be before a person may open the gate, 0 to 1.",
  automatic: "Opens the gate without a person, on these conditions.",
  escalate_to: "Who hears of a stall that lasts, written as approvers are.",
  max_rounds: "Rounds that the step may have, the first included. Default 3.",
};

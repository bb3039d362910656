import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { openDecisionLink, useDecisionLink, whyLinkIsOver } from "../notifications/decision-links.ts";
import { type ApproveStepInput, approveStep } from "./approve-step.ts";
import type { DecisionHook } from "./decision-hook.ts";
import { rejectStep } from "./reject-step.ts";

export interface DecideByLinkInput extends Omit<ApproveStepInput, "runStepId" | "also"> {
  readonly verdict: "APPROVE" | "REJECT";
}

/**
 * Approves or rejects by a decision link, as the person whom it was made for, with the role that they have now. The
 * link is used up by a decision, or a sign-off, that goes through, in its transaction, and by nothing else.
 *
 * @returns whether it is decided; not where more people have to approve the same cut
 * @throws NotFoundError, ForbiddenError when the link is over; what `approveStep` and `rejectStep` throw
 */
export async function decideByLink(
  deps: EngineDeps,
  secret: string,
  { verdict, ...input }: DecideByLinkInput,
): Promise<{ decided: boolean }> {
  const link = await openDecisionLink(queryable(deps.pool), secret);
  if (!link) throw new NotFoundError("There is no such link.");
  const over = whyLinkIsOver(link);
  if (over) throw new ForbiddenError(over);
  const also: DecisionHook = (tx, approvalId) =>
    useDecisionLink(tx, { linkId: link.id, actorId: link.actor.id, approvalId });
  const { actor, runStepId } = link;
  if (verdict === "REJECT") {
    await rejectStep(deps, actor, { runStepId, comment: input.comment, also });
    return { decided: true };
  }
  const { opened } = await approveStep(deps, actor, { ...input, runStepId, also });
  return { decided: opened };
}

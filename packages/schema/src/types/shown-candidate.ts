import type { Approval } from "@sluice/db";
import type { ShownCandidate } from "@sluice/engine";
import { builder } from "../builder.ts";
import { rowById } from "../loaders/rows.ts";
import { CandidateNode } from "./candidate.ts";

/** A candidate as it was when a gate was decided; its rating may have gone on since. */
export const ShownCandidateType = builder.objectRef<ShownCandidate>("ShownCandidate").implement({
  description: "A candidate as the one who decided saw it.",
  fields: (t) => ({
    candidate: t.prismaField({
      type: CandidateNode,
      nullable: true,
      description: "The candidate as it is now; null where it is not kept any more.",
      resolve: (query, { id }, _args, context, info) =>
        rowById(context, info.fieldNodes[0] as object, id, (ids) =>
          context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
        ),
    }),
    elo: t.exposeFloat("elo", { description: "Its rating then." }),
    voteCount: t.exposeInt("voteCount", { description: "Its comparisons then." }),
    advances: t.exposeBoolean("advances", { description: "It came through the gate." }),
  }),
});

/** What an approval's snapshot holds, as the engine wrote it. */
interface Snapshot {
  readonly topKConfidence?: number;
  readonly ranked?: readonly { readonly id: number; readonly elo: number; readonly votes: number }[];
}

function snapshotOf(value: unknown): Snapshot {
  return typeof value === "object" && value !== null ? (value as Snapshot) : {};
}

export function confidenceIn(snapshot: unknown): number | null {
  return snapshotOf(snapshot).topKConfidence ?? null;
}

export function shownIn({ snapshot, status, topK }: Pick<Approval, "snapshot" | "status" | "topK">): ShownCandidate[] {
  const advancing = status === "APPROVED" ? (topK ?? 0) : 0;
  const ranked = snapshotOf(snapshot).ranked ?? [];
  return ranked.map(({ id, elo, votes }, place) => ({ id, elo, voteCount: votes, advances: place < advancing }));
}

import { type CountedSignOff, type DecisionPolicy, quorumOf } from "@sluice/engine";
import { builder } from "../builder.ts";
import { rowById } from "../loaders/rows.ts";
import { approvalSignOffs } from "../loaders/sign-offs.ts";
import { ActorType } from "./actor.ts";
import { ApprovalNode } from "./approval.ts";

const SignOffType = builder.objectRef<CountedSignOff>("SignOff").implement({
  description:
    "One person's consent to one cut, where a gate takes several people. It counts for exactly that K and those candidates.",
  fields: (t) => ({
    actor: t.prismaField({
      type: ActorType,
      description: "Who.",
      resolve: async (query, { actorId }, _args, context, info) => {
        const actor = await rowById(context, info.fieldNodes[0] as object, actorId, (ids) =>
          context.prisma.actor.findMany({ ...query, where: { id: { in: ids } } }),
        );
        if (!actor) throw new Error(`Actor ${actorId} is gone.`);
        return actor;
      },
    }),
    topK: t.exposeInt("topK", { description: "The K that they approved." }),
    at: t.expose("createdAt", { type: "DateTime", description: "When." }),
    comment: t.exposeString("comment", { nullable: true, description: "What they said with it." }),
    counts: t.exposeBoolean("counts", {
      description:
        "It is for the cut on which most agree, and the ranking still makes that cut. Votes that change what would advance make earlier sign-offs those of another cut.",
    }),
  }),
});

builder.prismaObjectFields(ApprovalNode, (t) => ({
  signOffs: t.field({
    type: [SignOffType],
    select: { id: true },
    description: "Who has approved so far, where it takes several people; one each, the oldest first.",
    resolve: ({ id }, _args, context) => approvalSignOffs(context, id),
  }),
  requiredSignOffs: t.int({
    select: { policy: true, runStep: { select: { policy: true } } },
    description: "How many different people have to approve the same cut.",
    resolve: ({ policy, runStep }) => quorumOf((policy ?? runStep.policy) as DecisionPolicy),
  }),
  decidedByPolicy: t.boolean({
    select: { channel: true },
    description: "No person decided it: the gate opened by its automatic policy.",
    resolve: ({ channel }) => channel === "POLICY",
  }),
}));

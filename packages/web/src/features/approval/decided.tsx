import { Alert } from "@mantine/core";
import { decidedHow } from "../../components/decided-how.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

export const Decided_StepFragment = graphql(`
  fragment Decided_Step on RunStep {
    id
    status
    approvedAt
    topKCount
    approvedBy {
      id
      name
    }
    decision {
      id
      channel
      decidedAt
      decidedBy {
        id
        name
      }
    }
  }
`);

/** The gate was decided, by somebody else or in another tab, while this was open. */
export function Decided(props: { readonly step: FragmentType<typeof Decided_StepFragment> }) {
  const step = readFragment(Decided_StepFragment, props.step);
  if (step.status === "REJECTED") {
    return (
      <Alert color="red" role="alert">
        Rejected{step.decision ? ` ${decidedHow(step.decision)}` : ""}{" "}
        {step.decision?.decidedAt != null && <RelativeTime at={step.decision.decidedAt} />}, which ended the run.
        Nothing can be decided here any more.
      </Alert>
    );
  }
  return (
    <Alert color="teal" role="alert">
      Approved {decidedHow({ decidedBy: step.approvedBy, channel: step.decision?.channel ?? null })} with K=
      {step.topKCount} {step.approvedAt !== null && <RelativeTime at={step.approvedAt} />}. Decisions are final.
    </Alert>
  );
}

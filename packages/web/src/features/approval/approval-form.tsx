import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { LoadState } from "../../components/load-state.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";
import { Decision } from "./decision.tsx";
import { SignOffs_ApprovalFragment } from "./sign-offs.tsx";
import { ApprovalPreviewFragment, usePreview } from "./use-preview.ts";

const K_SETTLE_MS = 150;

export const ApprovalForm_StepFragment = graphql(`
  fragment ApprovalForm_Step on RunStep {
    id
    position
    name
    status
    topKCount
    round
    maxRounds
    votingOpen
    policy {
      summary
    }
    pendingApproval {
      id
      ...SignOffs_Approval
    }
    run {
      id
      steps {
        id
        position
        name
        kind
      }
    }
    ...Decided_Step
  }
`);

interface ApprovalFormProps {
  readonly step: FragmentType<typeof ApprovalForm_StepFragment>;
  readonly onClose: () => void;
  /** Whether something of its own lies on top of the form, so that Escape means that. */
  readonly onLayer: (open: boolean) => void;
}

/** The ranking is asked for first; what is chosen and written begins when it is there. */
export function ApprovalForm({ step: ref, onClose, onLayer }: ApprovalFormProps) {
  const step = readFragment(ApprovalForm_StepFragment, ref);
  const pending = readFragment(SignOffs_ApprovalFragment, step.pendingApproval);
  // Who comes second is shown the cut that the first has approved.
  const [typed, setTyped] = useState<TypedNumber>(
    () => pending?.signOffs.find(({ counts }) => counts)?.topK ?? step.topKCount,
  );
  const [topK, setTopK] = useState(Number(typed));
  const [roundAtStart] = useState(step.round);
  const [settledK] = useDebouncedValue(topK, K_SETTLE_MS);
  const { preview: previewRef, error, reload } = usePreview(step.id, settledK);
  const preview = readFragment(ApprovalPreviewFragment, previewRef);
  if (!preview) return <LoadState what="preview" height={280} error={error} onRetry={reload} />;
  const onType = (next: TypedNumber) => {
    setTyped(next);
    // While what stands there is no K, the preview keeps the last one.
    if (problemOfK(next) === undefined) setTopK(Number(next));
  };
  return (
    // Another round has other candidates: what moved is counted anew.
    <Decision
      key={step.round}
      {...{
        step,
        latest: preview,
        anotherRound: step.round > roundAtStart,
        typed,
        topK,
        onType,
        reload,
        onClose,
        onLayer,
      }}
    />
  );
}

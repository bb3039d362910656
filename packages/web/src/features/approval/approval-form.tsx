import { Alert, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useConnectionState } from "../../lib/connection-state.ts";
import { wordsForError } from "../../lib/errors.ts";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { useViewer } from "../../lib/viewer.ts";
import { PreviewChart } from "../charts/preview-chart.tsx";
import classes from "./approval.module.css";
import { Confidence } from "./confidence.tsx";
import { Decided } from "./decided.tsx";
import { DecisionBar, type DecisionMode } from "./decision-bar.tsx";
import { KControl } from "./k-control.tsx";
import { Notices } from "./notices.tsx";
import { RankedList } from "./ranked-list.tsx";
import { RejectPanel } from "./reject-panel.tsx";
import { SendBackPanel } from "./send-back-panel.tsx";
import { SignOffs, SignOffs_ApprovalFragment } from "./sign-offs.tsx";
import { useApprove } from "./use-approve.ts";
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

/** Choosing K and opening the gate, on a ranking that moves while it is looked at. */
export function ApprovalForm({ step: ref, onClose, onLayer }: ApprovalFormProps) {
  const step = readFragment(ApprovalForm_StepFragment, ref);
  const pending = readFragment(SignOffs_ApprovalFragment, step.pendingApproval);
  const viewer = useViewer();
  // Who comes second is shown the cut that the first has approved.
  const [typed, setTyped] = useState<TypedNumber>(
    () => pending?.signOffs.find(({ counts }) => counts)?.topK ?? step.topKCount,
  );
  const [topK, setTopK] = useState(Number(typed));
  const [comment, setComment, clearComment] = useDraft(`approve ${step.id}`, "");
  const [reason, setReason] = useState("");
  const [mode, setMode] = useState<DecisionMode>("approve");
  const [roundAtStart] = useState(step.round);
  const [settledK] = useDebouncedValue(topK, K_SETTLE_MS);
  const { preview: previewRef, error, reload } = usePreview(step.id, settledK);
  const preview = readFragment(ApprovalPreviewFragment, previewRef);
  const { approve, working, problem } = useApprove({
    step,
    onDone() {
      clearComment();
      onClose();
    },
    onSignedOff() {
      clearComment();
      reload();
    },
    onStale: reload,
  });
  const connection = useConnectionState();

  if (!preview) {
    if (!error) return <Skeleton height={280} aria-label="Loading the preview" />;
    return <ErrorPanel title="The preview could not be loaded" words={wordsForError(error)} onRetry={reload} />;
  }

  const decided = step.status === "APPROVED" || step.status === "REJECTED";
  const current = preview.topK === topK;
  const outdated = problem?.newVersion !== undefined && preview.rankingVersion < problem.newVersion;
  const candidates = preview.ranked.length;
  const wrongK = problemOfK(typed) !== undefined;
  const mine = pending?.signOffs.find(({ actor }) => actor.id === viewer?.id);
  const override = preview.needsOverride && preview.mayDecide && !decided;
  const ready = preview.canApprove || (override && reason.trim() !== "");
  const signedOff = mine?.counts === true && mine.topK === topK;
  const onType = (next: TypedNumber) => {
    setTyped(next);
    // While what stands there is no K, the preview keeps the last one.
    if (problemOfK(next) === undefined) setTopK(Number(next));
  };
  const onApprove = () =>
    void approve({
      topK,
      comment,
      rankingVersion: preview.rankingVersion,
      overrideReason: override ? reason.trim() : undefined,
    });

  return (
    <Stack gap="md">
      {decided && <Decided step={step} />}
      {!decided && step.round > roundAtStart && (
        <Alert color="amber" role="alert">
          The step was sent back while this was open: round {step.round} has begun. What is shown now is of that round.
        </Alert>
      )}
      {!decided && !preview.mayDecide && preview.reason !== null && (
        <Alert color="gray" title="You can look, but not decide" role="status" p="sm">
          {preview.reason}
        </Alert>
      )}
      {connection === "reconnecting" && (
        <Alert color="amber" variant="light" role="status" p="sm">
          Reconnecting… The ranking below may be old. If it has changed, your approval is refused and you see the new
          one.
        </Alert>
      )}
      {step.policy.summary !== null && !decided && (
        <Text size="sm" c="dimmed">
          {step.policy.summary}
        </Text>
      )}
      {!decided && preview.requiredSignOffs > 1 && step.pendingApproval && (
        <SignOffs stepId={step.id} approval={step.pendingApproval} viewerId={viewer?.id} onWithdrawn={reload} />
      )}
      <KControl typed={typed} topK={topK} candidates={candidates} onChange={onType} disabled={decided} />
      {candidates > 0 && <Confidence preview={preview} topK={topK} />}
      <Notices
        warnings={preview.warnings}
        blockers={decided ? [] : preview.blockers}
        override={override && <OverrideReason value={reason} onChange={setReason} />}
      />
      {candidates > 1 && <PreviewChart preview={preview} topK={topK} />}
      <RankedList ranked={preview.ranked} topK={topK} chancesFor={preview.topK} onLayer={onLayer} />
      {!decided && preview.mayDecide && mode === "approve" && (
        <Textarea
          label="Comment (optional)"
          description="Kept with the decision, and handed to the next step where an agent works on it."
          autosize
          minRows={1}
          maxRows={6}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      )}
      {/* The footer stays in sight: at the end of a long list nobody would see what came of the press. */}
      <div className={classes.footer}>
        {problem && !decided && mode === "approve" && (
          <Alert color={problem.newVersion === undefined ? "red" : "amber"} role="alert" title={problem.title}>
            {problem.words}
          </Alert>
        )}
        {mode === "reject" && !decided && (
          <RejectPanel step={step} onBack={() => setMode("approve")} onDone={onClose} />
        )}
        {mode === "send-back" && !decided && (
          <SendBackPanel
            step={step}
            rankingVersion={preview.rankingVersion}
            onBack={() => setMode("approve")}
            onDone={onClose}
          />
        )}
        {(mode === "approve" || decided) && (
          <DecisionBar
            decided={decided}
            mayDecide={preview.mayDecide}
            waiting={step.status === "AWAITING_APPROVAL"}
            label={{
              topK: wrongK ? undefined : topK,
              required: preview.requiredSignOffs,
              signedOff: preview.signOffs,
              mine: signedOff,
              override,
            }}
            jobs={wrongK || !current ? undefined : preview.jobsToCreate}
            disabled={wrongK || !ready || outdated || signedOff}
            working={working}
            onMode={setMode}
            onApprove={onApprove}
            onClose={onClose}
          />
        )}
      </div>
    </Stack>
  );
}

interface OverrideReasonProps {
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Beside what is missing, where one reads that it is. */
function OverrideReason({ value, onChange }: OverrideReasonProps) {
  return (
    <Textarea
      label="Why not wait for what the policy asks for"
      description="Takes its place. Kept with the decision, for everybody to see."
      required
      mt="xs"
      autosize
      minRows={1}
      maxRows={6}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

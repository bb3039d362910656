import { Alert, Button, Skeleton, Stack, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useConnectionState } from "../../lib/connection-state.ts";
import { wordsForError } from "../../lib/errors.ts";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";
import { counted } from "../../lib/words.ts";
import classes from "./approval.module.css";
import { Confidence } from "./confidence.tsx";
import { Decided } from "./decided.tsx";
import { KControl } from "./k-control.tsx";
import { Notices } from "./notices.tsx";
import { RankedList } from "./ranked-list.tsx";
import { RejectPanel } from "./reject-panel.tsx";
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
  const [typed, setTyped] = useState<TypedNumber>(step.topKCount);
  const [topK, setTopK] = useState(step.topKCount);
  const [comment, setComment] = useState("");
  const [rejecting, setRejecting] = useState(false);
  const [settledK] = useDebouncedValue(topK, K_SETTLE_MS);
  const { preview: previewRef, error, reload } = usePreview(step.id, settledK);
  const preview = readFragment(ApprovalPreviewFragment, previewRef);
  const { approve, working, problem } = useApprove({ step, onDone: onClose, onStale: reload });
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
  const onType = (next: TypedNumber) => {
    setTyped(next);
    // While what stands there is no K, the preview keeps the last one.
    if (problemOfK(next) === undefined) setTopK(Number(next));
  };

  return (
    <Stack gap="md">
      {decided && <Decided step={step} />}
      {connection === "reconnecting" && (
        <Alert color="amber" variant="light" role="status" p="sm">
          Reconnecting… The ranking below may be old. If it has changed, your approval is refused and you see the new
          one.
        </Alert>
      )}
      <KControl typed={typed} topK={topK} candidates={candidates} onChange={onType} disabled={decided} />
      {candidates > 0 && <Confidence preview={preview} topK={topK} />}
      <Notices warnings={preview.warnings} blockers={decided ? [] : preview.blockers} />
      <RankedList ranked={preview.ranked} topK={topK} chancesFor={preview.topK} onLayer={onLayer} />
      {!decided && !rejecting && (
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
        {problem && !decided && !rejecting && (
          <Alert color={problem.newVersion === undefined ? "red" : "amber"} role="alert" title={problem.title}>
            {problem.words}
          </Alert>
        )}
        {rejecting && !decided ? (
          <RejectPanel step={step} onBack={() => setRejecting(false)} onDone={onClose} />
        ) : (
          <div className={classes.choices}>
            {!decided && (
              <Button variant="subtle" color="red" c="var(--sluice-danger)" onClick={() => setRejecting(true)}>
                Reject step…
              </Button>
            )}
            <span className={classes.jobs}>{!decided && !wrongK && current && jobsWords(preview.jobsToCreate)}</span>
            <Button variant="default" onClick={onClose}>
              {decided ? "Close" : "Cancel"}
            </Button>
            <Button
              disabled={decided || wrongK || !preview.canApprove || outdated}
              loading={working}
              onClick={() => void approve({ topK, comment, rankingVersion: preview.rankingVersion })}
            >
              {wrongK ? "Approve" : `Approve with K=${topK}`}
            </Button>
          </div>
        )}
      </div>
    </Stack>
  );
}

function jobsWords(jobs: number): string {
  return jobs === 0 ? "" : `Starts ${counted(jobs, "job")}`;
}

import { Alert, Stack, Text, Textarea } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type {
  ApprovalPreview_PreviewFragment,
  ApprovalForm_StepFragment as StepData,
} from "../../gql/generated/graphql.ts";
import { readFragment } from "../../gql/generated/index.ts";
import { useConnectionState } from "../../lib/connection-state.ts";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { useFocusAtFirst } from "../../lib/use-focus-at-first.ts";
import { useViewer } from "../../lib/viewer.ts";
import { PreviewChart } from "../charts/preview-chart.tsx";
import classes from "./approval.module.css";
import { Confidence } from "./confidence.tsx";
import { Decided } from "./decided.tsx";
import { DecisionBar, type DecisionMode } from "./decision-bar.tsx";
import { isConfirm } from "./is-confirm.ts";
import { KControl } from "./k-control.tsx";
import { Notices } from "./notices.tsx";
import { OverrideReason } from "./override-reason.tsx";
import { RankedList } from "./ranked-list.tsx";
import { RankingChanged } from "./ranking-changed.tsx";
import { RejectPanel } from "./reject-panel.tsx";
import { SendBackPanel } from "./send-back-panel.tsx";
import { SignOffs, SignOffs_ApprovalFragment } from "./sign-offs.tsx";
import { useApprove } from "./use-approve.ts";
import { useSeenRanking, useStillRanking } from "./use-still-ranking.ts";

interface DecisionProps {
  readonly step: StepData;
  /** The step was sent back while the dialog was open. */
  readonly anotherRound: boolean;
  readonly latest: ApprovalPreview_PreviewFragment;
  readonly typed: TypedNumber;
  readonly topK: number;
  readonly onType: (typed: TypedNumber) => void;
  readonly reload: () => void;
  readonly onClose: () => void;
  /** Whether something of its own lies on top of the form, so that Escape means that. */
  readonly onLayer: (open: boolean) => void;
}

/** Choosing K and opening the gate, on a ranking that moves while it is looked at. */
export function Decision({ step, anotherRound, latest, typed, topK, onType, reload, onClose, onLayer }: DecisionProps) {
  const viewer = useViewer();
  // Not on the button that closes the dialog: Enter is to confirm, and nothing is to be pressed unseen.
  const root = useFocusAtFirst<HTMLDivElement>();
  const pending = readFragment(SignOffs_ApprovalFragment, step.pendingApproval);
  const [comment, setComment, clearComment] = useDraft(`approve ${step.id} ${step.round}`, "");
  const [reason, setReason, clearReason] = useDraft(`override ${step.id} ${step.round}`, "");
  const [mode, setMode] = useState<DecisionMode>("approve");
  const [cameFrom, setCameFrom] = useState<DecisionMode>();
  const onBack = () => {
    setCameFrom(mode);
    setMode("approve");
  };
  const { shown, waits, showNow, listProps } = useStillRanking(latest);
  const preview = shown ?? latest;
  const { list, moves, unseen, showUnseen } = useSeenRanking(
    preview.ranked.map(({ candidate }) => candidate.id),
    topK,
  );
  const lastStep = step.run.steps.every(({ position }) => position <= step.position);
  const { approve, working, problem } = useApprove({
    step,
    lastStep,
    onDone: () => {
      clearComment();
      clearReason();
      onClose();
    },
    onSignedOff: () => {
      clearComment();
      clearReason();
      // The button that was pressed can be pressed no more.
      root.current?.focus({ preventScroll: true });
      reload();
    },
    onStale: reload,
  });
  const connection = useConnectionState();

  const decided = step.status === "APPROVED" || step.status === "REJECTED";
  const current = preview.topK === topK;
  const outdated = problem?.newVersion !== undefined && preview.rankingVersion < problem.newVersion;
  const candidates = preview.ranked.length;
  const wrongK = problemOfK(typed) !== undefined;
  const mine = pending?.signOffs.find(({ actor }) => actor.id === viewer?.id);
  const override = preview.needsOverride && preview.mayDecide && !decided;
  const ready = preview.canApprove || (override && reason.trim() !== "");
  const signedOff = mine?.counts === true && mine.topK === topK;
  const alone = candidates <= 1;
  const disabled = wrongK || !ready || outdated || signedOff || unseen.length > 0;
  const onShow = () => {
    if (waits) showNow();
    else showUnseen();
  };
  const onConfirm = (event: KeyboardEvent<HTMLElement>) => {
    if (mode !== "approve" || decided || working || !isConfirm(event)) return;
    event.preventDefault();
    // What has changed is looked at first, and confirmed with another press.
    if (waits || unseen.length > 0) onShow();
    else if (!disabled && preview.mayDecide) onApprove();
  };
  const onApprove = () =>
    void approve({
      topK,
      comment,
      rankingVersion: preview.rankingVersion,
      overrideReason: override ? reason.trim() : undefined,
    });

  return (
    <Stack gap="md" className={classes.decision ?? ""} ref={root} tabIndex={-1} data-autofocus onKeyDown={onConfirm}>
      {decided && <Decided step={step} />}
      {!decided && anotherRound && (
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
      {!alone && (
        <>
          <KControl
            typed={typed}
            topK={topK}
            candidates={candidates}
            lastStep={lastStep}
            onChange={onType}
            disabled={decided}
          />
          <Confidence
            preview={preview}
            topK={topK}
            lastStep={lastStep}
            compare={{ runId: step.run.id, stepId: step.id, open: step.votingOpen }}
          />
        </>
      )}
      <Notices
        warnings={preview.warnings}
        blockers={decided ? [] : preview.blockers}
        override={override && <OverrideReason value={reason} onChange={setReason} />}
      />
      {candidates > 1 && <PreviewChart preview={preview} topK={topK} />}
      <RankedList
        ranked={preview.ranked}
        topK={topK}
        chancesFor={preview.topK}
        lastStep={lastStep}
        moves={moves}
        list={list}
        listProps={listProps}
        onLayer={onLayer}
      />
      {!decided && preview.mayDecide && mode === "approve" && (
        <Textarea
          label="Comment (optional)"
          description="Kept with the decision, and handed to the next step where an agent works on it."
          autosize
          minRows={alone ? 3 : 1}
          maxRows={8}
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
        {mode === "reject" && !decided && <RejectPanel step={step} onBack={onBack} onDone={onClose} />}
        {mode === "send-back" && !decided && (
          <SendBackPanel step={step} rankingVersion={preview.rankingVersion} onBack={onBack} onDone={onClose} />
        )}
        {mode === "approve" && !decided && <RankingChanged waits={waits} unseen={unseen.length} onShow={onShow} />}
        {(mode === "approve" || decided) && (
          <DecisionBar
            decided={decided}
            mayDecide={preview.mayDecide}
            waiting={step.status === "AWAITING_APPROVAL"}
            label={{
              topK: wrongK || alone ? undefined : topK,
              required: preview.requiredSignOffs,
              signedOff: preview.signOffs,
              mine: signedOff,
              override,
            }}
            jobs={wrongK || !current ? undefined : preview.jobsToCreate}
            winners={lastStep && !wrongK && !alone ? Math.min(topK, candidates) : undefined}
            disabled={disabled}
            working={working}
            cameFrom={cameFrom}
            onMode={setMode}
            onApprove={onApprove}
            onClose={onClose}
          />
        )}
      </div>
    </Stack>
  );
}

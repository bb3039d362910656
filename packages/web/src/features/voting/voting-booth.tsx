import { Alert, Skeleton, Stack } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { useZoom } from "../../components/use-zoom.ts";
import zoomClasses from "../../components/zoom.module.css";
import type { VoteOutcome } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import type { VotingCommand } from "./keys.ts";
import { KeysHelp } from "./keys-help.tsx";
import { SendingNotice } from "./sending-notice.tsx";
import { mayUndo, mayVote } from "./session.ts";
import { useVoting } from "./use-voting.ts";
import { useVotingKeys } from "./use-voting-keys.ts";
import { ViewTools } from "./view-tools.tsx";
import { VoteButtons } from "./vote-buttons.tsx";
import { pictureOf, readVoteCandidate } from "./vote-candidate.ts";
import { VotePair } from "./vote-pair.tsx";
import type { VotingPair } from "./vote-requests.ts";
import classes from "./voting.module.css";
import { AllJudged, Enough } from "./voting-ends.tsx";
import { isSettled, VotingProgress } from "./voting-progress.tsx";

export const VotingStep_StepFragment = graphql(`
  fragment VotingStep_Step on RunStep {
    id
    position
    topKCount
    votingOpen
    votesCast
    candidateCount
    votingProgress {
      yourVotes
      pairsLeft
      candidatesWithEnoughVotes
      candidates
      topKConfidence
      confidenceLabel
    }
  }
`);

interface VotingBoothProps {
  readonly step: FragmentType<typeof VotingStep_StepFragment>;
  readonly runId: string;
  readonly viewerId: string;
  readonly begin: { readonly left: string; readonly right: string } | undefined;
  readonly onBegun: () => void;
  readonly onRefused: () => void;
}

const PAN = 0.15;
const SCROLL = 0.8;

/** Two candidates side by side, without any rating, and the keys to judge them with. */
export function VotingBooth({ step: ref, runId, viewerId, begin, onBegun, onRefused }: VotingBoothProps) {
  const step = readFragment(VotingStep_StepFragment, ref);
  const { session, sending, vote, undo, restart, onMedia } = useVoting({ stepId: step.id, viewerId, begin, onRefused });
  const [help, setHelp] = useState(false);
  const [differences, setDifferences] = useState(false);
  const [flip, setFlip] = useState<"left" | "right">();
  const area = useRef<HTMLDivElement>(null);
  const pair = session.now?.pair;
  const kinds = pair && kindsOf(pair);
  const zoom = useZoom(area, pair !== undefined);
  const [keepsZoom, setKeepsZoom] = useLocalStorage({
    key: "sluice keep zoom",
    defaultValue: true,
    getInitialValueInEffect: false,
  });

  // New candidates bring new pairs to somebody who had judged them all, and so does a vote that is taken back elsewhere.
  const lookAgain = useEffectEvent(() => {
    if (session.phase === "done") restart();
  });
  const { candidateCount } = step;
  const pairsLeft = step.votingProgress.pairsLeft > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: their change is the reason to look again.
  useEffect(() => lookAgain(), [candidateCount, pairsLeft]);

  const open = step.votingOpen;
  const send = (outcome: VoteOutcome) => {
    if (!mayVote(session, outcome)) return;
    vote(outcome);
    onBegun();
    if (!keepsZoom) zoom.whole();
  };
  const scroll = (by: number) => {
    const text = area.current?.querySelector(":scope > :not([data-prepared]) [data-scrolls]");
    text?.scrollBy({ top: by * text.clientHeight });
  };
  const flipSides = () => setFlip((shown) => (shown === "left" ? "right" : "left"));
  useVotingKeys(!help, (command) => {
    const act = actionFor(command);
    act?.();
    return act !== undefined;
  });

  function actionFor(command: VotingCommand): (() => void) | undefined {
    const pictures = kinds?.pictures ? true : undefined;
    const texts = kinds?.texts ? true : undefined;
    switch (command) {
      case "HELP":
        return () => setHelp(true);
      case "UNDO":
        return undo;
      case "ZOOM":
        return pictures && zoom.toggle;
      case "ZOOM_IN":
        return pictures && zoom.nearer;
      case "ZOOM_OUT":
        return pictures && zoom.farther;
      case "WHOLE":
        return zoom.zoomed || flip
          ? () => {
              zoom.whole();
              setFlip(undefined);
            }
          : undefined;
      case "PAN_LEFT":
        return zoom.zoomed ? () => zoom.move({ x: PAN, y: 0 }) : () => {};
      case "PAN_RIGHT":
        return zoom.zoomed ? () => zoom.move({ x: -PAN, y: 0 }) : () => {};
      case "PAN_UP":
        return zoom.zoomed ? () => zoom.move({ x: 0, y: PAN }) : () => {};
      case "PAN_DOWN":
        return zoom.zoomed ? () => zoom.move({ x: 0, y: -PAN }) : () => {};
      case "FLIP":
        return pictures && flipSides;
      case "DIFFERENCES":
        return texts && (() => setDifferences((on) => !on));
      case "SCROLL_DOWN":
        return texts && (() => scroll(SCROLL));
      case "SCROLL_UP":
        return texts && (() => scroll(-SCROLL));
      default:
        return () => send(command);
    }
  }

  const place = { runId, stepId: step.id, position: step.position };
  return (
    <Stack gap="sm">
      <VotingProgress topK={step.topKCount} progress={step.votingProgress} />
      {open && session.phase !== "done" && isSettled(step.votingProgress, step.topKCount) && <Enough {...place} />}
      <SendingNotice sending={sending} />
      {session.words !== undefined && session.phase !== "failed" && (
        <Alert color="red" variant="light" role="alert" p="sm">
          {session.words}
        </Alert>
      )}
      {session.phase === "failed" && (
        <ErrorPanel title="The next pair could not be loaded" words={session.words ?? ""} onRetry={restart} />
      )}
      {session.phase === "done" && open && (
        <AllJudged {...place} undoable={mayUndo(session)} onUndo={undo} candidates={candidateCount} />
      )}
      {session.phase === "loading" && (
        <Skeleton className={classes.waiting ?? ""} role="status" aria-label="Loading the next pair" />
      )}
      {session.now && (
        <>
          <div
            className={`${classes.area} ${zoomClasses.area}`}
            ref={area}
            {...zoom.shown}
            data-flip={flip}
            data-closed={!open || undefined}
          >
            {[session.now, ...session.ahead].map((shown, index) => (
              <VotePair
                key={shown.turn}
                shown={shown}
                prepared={index > 0}
                close={zoom.zoomed && index === 0}
                differences={differences}
                session={session}
                onMedia={onMedia}
              />
            ))}
          </div>
          {open && <VoteButtons allowed={(outcome) => mayVote(session, outcome)} onVote={send} />}
          <ViewTools
            pictures={kinds?.pictures === true}
            texts={kinds?.texts === true}
            zoom={zoom}
            keepsZoom={keepsZoom}
            onKeepZoom={setKeepsZoom}
            flipped={flip !== undefined}
            differences={differences}
            undoable={open && mayUndo(session)}
            onFlip={() => setFlip(flip === undefined ? "left" : undefined)}
            onDifferences={() => setDifferences(!differences)}
            onUndo={undo}
            onHelp={() => setHelp(true)}
          />
        </>
      )}
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </Stack>
  );
}

/** Pictures can be zoomed where there is one; texts can be compared where both are. */
function kindsOf({ left, right }: VotingPair): { readonly pictures: boolean; readonly texts: boolean } {
  const both = [readVoteCandidate(left), readVoteCandidate(right)];
  return {
    pictures: both.some((each) => pictureOf(each) !== undefined),
    texts: both.every((each) => pictureOf(each) === undefined && each.text !== null),
  };
}

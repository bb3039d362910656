import { Alert, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Lightbox } from "../../components/lightbox.tsx";
import type { VoteOutcome } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { counted } from "../../lib/words.ts";
import { KeysHelp } from "./keys-help.tsx";
import { mayUndo, mayVote } from "./session.ts";
import { useVoting } from "./use-voting.ts";
import { useVotingKeys } from "./use-voting-keys.ts";
import { VoteButtons } from "./vote-buttons.tsx";
import { VoteSide } from "./vote-side.tsx";
import classes from "./voting.module.css";

export const VotingStep_StepFragment = graphql(`
  fragment VotingStep_Step on RunStep {
    id
    votingOpen
    votesCast
    candidateCount
    votingProgress {
      yourVotes
      pairsLeft
      candidatesWithEnoughVotes
      candidates
    }
  }
`);

/** Two candidates side by side, without any rating, and the keys to judge them with. */
export function VotingBooth(props: { readonly step: FragmentType<typeof VotingStep_StepFragment> }) {
  const step = readFragment(VotingStep_StepFragment, props.step);
  const { session, vote, undo, restart, onMedia } = useVoting(step.id);
  const [help, setHelp] = useState(false);
  const [large, setLarge] = useState<number>();

  // New candidates bring new pairs to somebody who had judged them all.
  const lookAgain = useEffectEvent(() => {
    if (session.phase === "done") restart();
  });
  const { candidateCount } = step;
  // biome-ignore lint/correctness/useExhaustiveDependencies: its change is the reason to look again.
  useEffect(() => lookAgain(), [candidateCount]);

  const send = (outcome: VoteOutcome) => void vote(outcome);
  useVotingKeys(large === undefined && !help, (command) => {
    if (command === "HELP") setHelp(true);
    else if (command === "UNDO") void undo();
    else send(command);
  });

  const { pair } = session;
  return (
    <Stack gap="sm">
      <ProgressWords progress={step.votingProgress} />
      {session.words !== undefined && session.phase !== "failed" && (
        <Alert color="red" variant="light" role="alert" p="sm">
          {session.words}
        </Alert>
      )}
      {session.phase === "failed" && (
        <ErrorPanel title="The next pair could not be loaded" words={session.words ?? ""} onRetry={restart} />
      )}
      {session.phase === "done" && (
        <Done undoable={mayUndo(session)} onUndo={() => void undo()} candidates={candidateCount} />
      )}
      {session.phase === "loading" && !pair && (
        <Skeleton className={classes.waiting ?? ""} aria-label="Loading the next pair" />
      )}
      {pair && (
        <>
          <div className={classes.pair} data-phase={session.phase} aria-busy={!mayVote(session, "LEFT")}>
            <VoteSide
              key={`left-${session.turn}`}
              name="Left"
              candidate={pair.left}
              chosen={session.chosen === "LEFT"}
              state={session.left}
              onOpen={() => setLarge(0)}
              onMedia={(state) => onMedia(pair.leftId, state)}
            />
            <VoteSide
              key={`right-${session.turn}`}
              name="Right"
              candidate={pair.right}
              chosen={session.chosen === "RIGHT"}
              state={session.right}
              onOpen={() => setLarge(1)}
              onMedia={(state) => onMedia(pair.rightId, state)}
            />
          </div>
          <VoteButtons
            allowed={(outcome) => mayVote(session, outcome)}
            undoable={mayUndo(session)}
            onVote={send}
            onUndo={() => void undo()}
            onHelp={() => setHelp(true)}
          />
          <Lightbox candidates={[pair.left, pair.right]} titles={["Left", "Right"]} index={large} onIndex={setLarge} />
        </>
      )}
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </Stack>
  );
}

interface ProgressWordsProps {
  readonly progress: {
    readonly yourVotes: number;
    readonly pairsLeft: number;
    readonly candidatesWithEnoughVotes: number;
    readonly candidates: number;
  };
}

function ProgressWords({ progress }: ProgressWordsProps) {
  const { yourVotes, pairsLeft, candidatesWithEnoughVotes, candidates } = progress;
  return (
    <Text size="sm" c="dimmed" role="status">
      You have judged {counted(yourVotes, "pair")} here · {counted(pairsLeft, "pair")} left for you ·{" "}
      {candidatesWithEnoughVotes} of {candidates} candidates have enough votes
    </Text>
  );
}

interface DoneProps {
  readonly undoable: boolean;
  readonly candidates: number;
  readonly onUndo: () => void;
}

function Done({ undoable, candidates, onUndo }: DoneProps) {
  if (candidates < 2) {
    return (
      <EmptyPanel title="Nothing to compare yet">
        The first pair appears by itself once the step has two candidates.
      </EmptyPanel>
    );
  }
  return (
    <EmptyPanel
      title="You have judged every pair"
      action={
        undoable && (
          <Group justify="center">
            <Button variant="default" onClick={onUndo}>
              Undo last vote
            </Button>
          </Group>
        )
      }
    >
      Thank you. If new candidates arrive, the next pair appears here by itself.
    </EmptyPanel>
  );
}

import { SegmentedControl, Skeleton, Stack, Switch, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { StepRoundsQuery as StepRounds_Result } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import classes from "./candidate-grid.module.css";
import { RoundCandidates } from "./round-candidates.tsx";

const StepRoundsQuery = graphql(`
  query StepRounds($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        round
        rounds {
          number
          startedAt
          comment
          sentBackBy {
            id
            decidedAt
            sentBackTo
            decidedBy {
              id
              name
            }
            step {
              id
              position
            }
          }
        }
      }
    }
  }
`);

type Round = Extract<StepRounds_Result["node"], { __typename: "RunStep" }>["rounds"][number];

interface StepRoundsProps {
  readonly step: { readonly id: string; readonly name: string; readonly round: number };
  readonly lastStep: boolean;
  /** The present round, live. */
  readonly children: ReactNode;
}

/**
 * A step that was sent back: which round is looked at, and two of them side by side. Keyed by the step's round: the
 * step is told of a new one at once, and the list of its rounds is then read again.
 */
export function StepRounds({ step, lastStep, children }: StepRoundsProps) {
  const [chosen, setChosen] = useState<number>();
  const [comparing, setComparing] = useState(false);
  const [{ data, error }, refetch] = useQuery({ query: StepRoundsQuery, variables: { stepId: step.id } });
  const found = data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (!found && error) {
    return (
      <Stack gap="sm">
        <LoadState
          what={`rounds of ${step.name}`}
          error={error}
          onRetry={() => refetch({ requestPolicy: "network-only" })}
        />
        {children}
      </Stack>
    );
  }
  if (!found) {
    return data ? children : <Skeleton height={90} role="status" aria-label={`Loading the rounds of ${step.name}`} />;
  }

  const shown = found.rounds.find(({ number }) => number === chosen) ?? found.rounds.at(-1);
  const before = found.rounds.find(({ number }) => number === (shown?.number ?? 0) - 1);
  const present = shown === undefined || shown.number === step.round;
  const column = (round: Round) => (
    <section aria-label={`Round ${round.number} of ${step.name}`} className={classes.column}>
      <Text size="sm" fw={600}>
        Round {round.number}
        {round.number === step.round && " (now)"}
      </Text>
      <RoundCandidates stepId={step.id} round={round.number} lastStep={lastStep} live={round.number === step.round} />
    </section>
  );
  return (
    <Stack gap="sm">
      <div className={classes.rounds}>
        <SegmentedControl
          size="xs"
          aria-label={`Round of ${step.name}`}
          value={`${shown?.number ?? step.round}`}
          data={found.rounds.map(({ number }) => ({
            value: `${number}`,
            label: number === step.round ? `Round ${number} (now)` : `Round ${number}`,
          }))}
          onChange={(value) => setChosen(Number(value))}
        />
        {before && (
          <Switch
            size="sm"
            label={`Beside round ${before.number}`}
            checked={comparing}
            onChange={(event) => setComparing(event.currentTarget.checked)}
          />
        )}
      </div>
      {/* What led from the one round to the other. */}
      {before && (comparing || present) && <RoundWords round={before} />}
      {comparing && before && shown && (
        <div className={classes.columns}>
          {column(before)}
          {column(shown)}
        </div>
      )}
      {!(comparing && before) && present && children}
      {!(comparing && before) && !present && (
        <>
          <RoundWords round={shown} />
          {column(shown)}
        </>
      )}
    </Stack>
  );
}

/** Who sent the round back, and what was to be different. */
function RoundWords({ round: { sentBackBy, comment } }: { readonly round: Round }) {
  if (sentBackBy === null) return null;
  const { decidedBy, decidedAt, sentBackTo, step } = sentBackBy;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      {decidedBy?.name ?? "Somebody"} sent it back from step {step.position}
      {sentBackTo !== null && sentBackTo !== step.position && ` to step ${sentBackTo}`}{" "}
      {decidedAt !== null && <RelativeTime at={decidedAt} />}
      {comment !== null && (
        <>
          : <em style={{ whiteSpace: "pre-wrap" }}>“{comment}”</em>
        </>
      )}
    </Text>
  );
}

import { Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Lightbox } from "../../components/lightbox.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useStepSignal } from "../../lib/step-signals.ts";
import classes from "./candidate-grid.module.css";
import { CandidateTile, CandidateTile_CandidateFragment } from "./candidate-tile.tsx";

/** The API's largest page. */
const MOST = 100;

const RoundCandidatesQuery = graphql(`
  query RoundCandidates($stepId: ID!, $round: Int!, $first: Int!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        candidates(round: $round, first: $first) {
          totalCount
          edges {
            cursor
            node {
              id
              elo
              ...CandidateTile_Candidate
            }
          }
        }
      }
    }
  }
`);

interface RoundCandidatesProps {
  readonly stepId: string;
  readonly round: number;
  readonly lastStep: boolean;
  /** It is the present round, whose candidates still come and change. */
  readonly live: boolean;
}

/** What a step made in one round, the best first, so that two rounds can be compared. */
export function RoundCandidates({ stepId, round, lastStep, live }: RoundCandidatesProps) {
  const [large, setLarge] = useState<string>();
  const [{ data, error }, refetch] = useQuery({
    query: RoundCandidatesQuery,
    variables: { stepId, round, first: MOST },
  });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useStepSignal(stepId, () => live && reload());
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (!step) return <LoadState what="round" height={170} error={error} onRetry={reload} />;
  const nodes = nodesOf(step.candidates).toSorted((one, other) => other.elo - one.elo);
  return (
    <>
      {nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          {live ? "No candidates yet." : "It had no candidates."}
        </Text>
      )}
      <ul className={classes.grid} aria-label={`Candidates of round ${round}`}>
        {nodes.map((node) => (
          <li key={node.id}>
            <CandidateTile candidate={node} lastStep={lastStep} onOpen={() => setLarge(node.id)} />
          </li>
        ))}
      </ul>
      {step.candidates.totalCount > nodes.length && (
        <Text size="sm" c="dimmed">
          {nodes.length} of {step.candidates.totalCount} shown
        </Text>
      )}
      <Lightbox
        candidates={nodes.map((node) => readFragment(CandidateTile_CandidateFragment, node))}
        shown={large}
        onShow={setLarge}
      />
    </>
  );
}

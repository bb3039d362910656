import { Anchor, Skeleton, Switch, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Lightbox } from "../../components/lightbox.tsx";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import classes from "./candidate-grid.module.css";
import { CandidateTile, CandidateTile_CandidateFragment } from "./candidate-tile.tsx";
import { useStepSignal } from "./step-signals.ts";
import { GLANCE } from "./tell-steps.ts";

const StepCandidatesQuery = graphql(`
  query StepCandidates($stepId: ID!, $first: Int!, $advancingOnly: Boolean!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        status
        kind
        advancingCount
        candidates(first: $first, advancingOnly: $advancingOnly) {
          totalCount
          edges {
            cursor
            node {
              id
              ...CandidateTile_Candidate
            }
          }
        }
      }
    }
  }
`);

interface CandidateGridProps {
  readonly runId: string;
  readonly stepId: string;
  readonly stepName: string;
  readonly position: number;
  readonly lastStep: boolean;
}

/** A step's first candidates, kept current while they arrive, are rated and are decided on. */
export function CandidateGrid({ runId, stepId, stepName, position, lastStep }: CandidateGridProps) {
  const [advancingOnly, setAdvancingOnly] = useState(false);
  const [large, setLarge] = useState<number>();
  const [{ data, error }, refetch] = useQuery({
    query: StepCandidatesQuery,
    variables: { stepId, first: GLANCE, advancingOnly },
  });
  useStepSignal(stepId, () => refetch({ requestPolicy: "network-only" }));

  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (!step) {
    if (!error) return <Skeleton height={170} aria-label={`Loading the candidates of ${stepName}`} />;
    return (
      <ErrorPanel
        title="The candidates could not be loaded"
        words={wordsForError(error)}
        onRetry={() => refetch({ requestPolicy: "network-only" })}
      />
    );
  }
  const { totalCount } = step.candidates;
  const nodes = nodesOf(step.candidates);
  const media = nodes.map((node) => readFragment(CandidateTile_CandidateFragment, node));
  return (
    <>
      {step.status === "APPROVED" && (advancingOnly || step.advancingCount < totalCount) && (
        <Switch
          label="Advancing only"
          size="sm"
          checked={advancingOnly}
          onChange={(event) => setAdvancingOnly(event.currentTarget.checked)}
        />
      )}
      {advancingOnly && totalCount === 0 && (
        <Text size="sm" c="dimmed">
          No candidate of this step advances.
        </Text>
      )}
      <ul className={classes.grid} aria-label={`Candidates of ${stepName}`}>
        {nodes.map((node, index) => (
          <li key={node.id}>
            <CandidateTile candidate={node} lastStep={lastStep} onOpen={() => setLarge(index)} />
          </li>
        ))}
      </ul>
      {/* An approval step makes none of its own: those that it shows are in the gallery under the step that made them. */}
      {step.kind !== "APPROVAL" && (
        <Anchor
          size="sm"
          renderRoot={(rootProps) => (
            <Link
              to="/runs/$runId/gallery"
              params={{ runId }}
              search={{ step: position, ...(advancingOnly ? { state: "advancing" as const } : {}) }}
              {...rootProps}
            />
          )}
        >
          {totalCount > nodes.length ? `Show all ${totalCount} in the gallery` : "Open in the gallery"}
        </Anchor>
      )}
      <Lightbox candidates={media} index={large} onIndex={setLarge} />
    </>
  );
}

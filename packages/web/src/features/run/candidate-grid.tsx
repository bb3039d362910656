import { Anchor, Switch, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Lightbox } from "../../components/lightbox.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useStepSignal } from "../../lib/step-signals.ts";
import classes from "./candidate-grid.module.css";
import { CandidateTile, CandidateTile_CandidateFragment } from "./candidate-tile.tsx";

const GridCandidatesFragment = graphql(`
  fragment CandidateGrid_Candidates on CandidateConnection {
    totalCount
    edges {
      cursor
      node {
        id
        ...CandidateTile_Candidate
      }
    }
  }
`);

/** What the grid shows at first: `GLANCE` candidates. The page asks for them with the step. */
export const CandidateGrid_StepFragment = graphql(`
  fragment CandidateGrid_Step on RunStep {
    id
    name
    position
    status
    kind
    advancingCount
    candidates(first: 12, advancingOnly: false) {
      ...CandidateGrid_Candidates
    }
  }
`);

/** The same for what is chosen, and read again. */
const StepCandidatesQuery = graphql(`
  query StepCandidates($stepId: ID!, $advancingOnly: Boolean!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        candidates(first: 12, advancingOnly: $advancingOnly) {
          ...CandidateGrid_Candidates
        }
      }
    }
  }
`);

interface CandidateGridProps {
  readonly runId: string;
  readonly step: FragmentType<typeof CandidateGrid_StepFragment>;
  readonly lastStep: boolean;
}

/** A step's first candidates, kept current while they arrive, are rated and are decided on. */
export function CandidateGrid({ runId, step: ref, lastStep }: CandidateGridProps) {
  const [chosen, setChosen] = useState<"advancing" | "all">();
  const advancingOnly = chosen === "advancing";
  const [large, setLarge] = useState<string>();
  const step = readFragment(CandidateGrid_StepFragment, ref);
  const [{ data, error }, refetch] = useQuery({
    query: StepCandidatesQuery,
    variables: { stepId: step.id, advancingOnly },
    pause: chosen === undefined,
  });
  // Before anything is chosen, what this reads reaches the page's own list by the cache.
  const reload = () => refetch({ requestPolicy: "network-only" });
  useStepSignal(step.id, reload, { unheardToo: true });

  const read = chosen !== undefined && data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (chosen !== undefined && !read && error) {
    return <ErrorPanel title="The candidates could not be loaded" words={wordsForError(error)} onRetry={reload} />;
  }
  const candidates = readFragment(GridCandidatesFragment, (read ?? step).candidates);
  const { totalCount } = candidates;
  const nodes = nodesOf(candidates);
  const media = nodes.map((node) => readFragment(CandidateTile_CandidateFragment, node));
  return (
    <>
      {step.status === "APPROVED" && (advancingOnly || step.advancingCount < totalCount) && (
        <Switch
          label="Advancing only"
          size="sm"
          checked={advancingOnly}
          onChange={(event) => setChosen(event.currentTarget.checked ? "advancing" : "all")}
        />
      )}
      {advancingOnly && totalCount === 0 && (
        <Text size="sm" c="dimmed">
          No candidate of this step advances.
        </Text>
      )}
      <ul className={classes.grid} aria-label={`Candidates of ${step.name}`}>
        {nodes.map((node) => (
          <li key={node.id}>
            <CandidateTile candidate={node} lastStep={lastStep} onOpen={() => setLarge(node.id)} />
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
              search={{ step: step.position, ...(advancingOnly ? { state: "advancing" as const } : {}) }}
              {...rootProps}
            />
          )}
        >
          {totalCount > nodes.length ? `Show all ${totalCount} in the gallery` : "Open in the gallery"}
        </Anchor>
      )}
      <Lightbox candidates={media} shown={large} onShow={setLarge} />
    </>
  );
}

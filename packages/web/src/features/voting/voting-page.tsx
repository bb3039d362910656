import { Alert, Box, Button, Container, Group, Stack, Title } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { PagePending } from "../../components/page-pending.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { BURST_MS, useRunEvents } from "../../lib/use-run-events.ts";
import { VotingBooth } from "./voting-booth.tsx";
import { ApprovalLink } from "./voting-ends.tsx";

const REFETCH_MS = 1_000;

const VotingPageQuery = graphql(`
  query VotingPage($runId: ID!, $stepId: ID!) {
    viewer {
      id
    }
    run(id: $runId) {
      id
      number
      name
      status
      eventCursor
    }
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        position
        name
        status
        statusLabel
        votingOpen
        ...VotingStep_Step
      }
    }
  }
`);

/** How sure the ranking is, and which pairs are left, depends on who asks, and is read again. */
const VotingEventsDocument = graphql(`
  subscription VotingEvents($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      cursor
      hasMore
      events {
        __typename
        id
        seq
        ... on RunStepEvent {
          step {
            id
            status
            statusLabel
            votingOpen
            votesCast
            candidateCount
          }
        }
      }
    }
  }
`);

const isVote = ({ __typename }: { readonly __typename: string }) => __typename === "VoteEvent";

const route = getRouteApi("/runs/$runId/steps/$stepId/vote");

export function VotingPage() {
  const { runId, stepId } = route.useParams();
  return <VotingView key={stepId} runId={runId} stepId={stepId} />;
}

/** The two candidates that the address asks for; undefined for what the step proposes. */
function useAskedPair() {
  const { left, right } = route.useSearch();
  const navigate = route.useNavigate();
  return {
    begin: left !== undefined && right !== undefined ? { left, right } : undefined,
    // A reload must not show a pair that is judged.
    onBegun: () => {
      if (left !== undefined) void navigate({ search: {}, replace: true, resetScroll: false });
    },
  };
}

function VotingView({ runId, stepId }: { readonly runId: string; readonly stepId: string }) {
  const [{ data, error, fetching, stale }, refetch] = useQuery({
    query: VotingPageQuery,
    variables: { runId, stepId },
  });
  const asked = useAskedPair();
  const reload = () => refetch({ requestPolicy: "network-only" });
  const reloadSoon = useCoalesced(reload, REFETCH_MS);
  useRunEvents(VotingEventsDocument, {
    runId,
    cursor: fetching || stale ? undefined : data?.run?.eventCursor,
    onBack: reloadSoon,
    onEvents(events) {
      const others = events.filter(({ __typename }) => __typename !== "JobEvent");
      if (others.length > 0) reloadSoon(others.every(isVote) ? BURST_MS : REFETCH_MS);
    },
  });

  const [wasOpen, setWasOpen] = useState(false);
  const run = data?.run;
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (step?.votingOpen && !wasOpen) setWasOpen(true);
  if (!run || !step) {
    if (!data && !error) return <PagePending />;
    return (
      <Container size="sm" py="xl">
        {error ? (
          <ErrorPanel title="The step could not be loaded" words={wordsForError(error)} onRetry={reload} />
        ) : (
          <EmptyPanel title="There is no such step">The address may be mistyped.</EmptyPanel>
        )}
      </Container>
    );
  }

  return (
    <Container size="xl" py="md">
      <PageTitle>{`Vote on step ${step.position}, run #${run.number}`}</PageTitle>
      <Stack gap="md">
        <Group justify="space-between" align="flex-end" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            <BackLink renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId }} {...rootProps} />}>
              Run #{run.number}, {run.name}
            </BackLink>
            <Title order={1} size="h3">
              {/* On a phone the room is for the pair: the buttons below it ask the same. */}
              {step.votingOpen && (
                <Box component="span" visibleFrom="sm">
                  Which is better?{" "}
                </Box>
              )}
              Step {step.position}: {step.name}
            </Title>
          </div>
          {step.status !== "APPROVED" && step.status !== "REJECTED" && (
            <ApprovalLink runId={runId} stepId={stepId} position={step.position} quiet />
          )}
        </Group>
        {!step.votingOpen && (
          <Alert color="gray" title="Voting on this step is closed" role="status">
            <Stack gap="sm" align="flex-start">
              {`${step.statusLabel}. Votes cast from now on could not change anything, so none are taken.`}
              <Button
                renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId }} {...rootProps} />}
                variant="default"
                size="xs"
              >
                Back to the run
              </Button>
            </Stack>
          </Alert>
        )}
        {/* A vote that came too late brings its pair and its reason back, so the booth stays when voting closes. */}
        {wasOpen && <VotingBooth step={step} runId={runId} viewerId={data.viewer.id} {...asked} onRefused={reload} />}
      </Stack>
    </Container>
  );
}

import { Container, Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { PageTitle } from "../../components/page-title.tsx";
import { RunNotThere } from "../../components/run-not-there.tsx";
import { waitsFor } from "../../components/step-status.ts";
import { graphql } from "../../gql/generated/index.ts";
import { isRunActive } from "../../lib/run-active.ts";
import { createStepSignals, StepSignalsContext } from "../../lib/step-signals.ts";
import { useEvery } from "../../lib/use-every.ts";
import { usePageKeys } from "../../lib/use-page-keys.ts";
import { ApprovalModal } from "../approval/approval-modal.tsx";
import { Celebration } from "../celebration/celebration.tsx";
import { childrenDiffer } from "./children-words.ts";
import { RunHeader } from "./run-header.tsx";
import { useRunLive } from "./run-live.ts";
import { RunWaiting } from "./run-waiting.tsx";
import { StepCard } from "./step-card.tsx";
import { tellSteps } from "./tell-steps.ts";
import { Winners } from "./winners.tsx";

const RunPageQuery = graphql(`
  query RunPage($runId: ID!) {
    run(id: $runId) {
      id
      number
      name
      status
      eventCursor
      ...RunHeader_Run
      ...RunWaiting_Run
      steps {
        id
        position
        status
        approved
        kind
        maxChildren
        ...StepCard_Step
        ...CandidateGrid_Step
      }
    }
  }
`);

const LOOK_AGAIN_MS = 30_000;

const route = getRouteApi("/runs/$runId");

export function RunPage() {
  const { runId } = route.useParams();
  return <RunView key={runId} runId={runId} />;
}

function RunView({ runId }: { readonly runId: string }) {
  const { approve } = route.useSearch();
  const navigate = route.useNavigate();
  const [signals] = useState(createStepSignals);
  const [{ data, error, fetching, stale }, refetch] = useQuery({ query: RunPageQuery, variables: { runId } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  const run = data?.run;

  useRunLive({
    runId,
    cursor: fetching || stale ? undefined : run?.eventCursor,
    onEvents: (events) => tellSteps(signals, events),
  });

  // Why a run waits also changes where nothing happens: when its worker is gone, or when it has waited too long.
  const active = isRunActive(run?.status);
  useEvery(LOOK_AGAIN_MS, reload, active);

  const openApproval = (stepId: string | undefined) =>
    void navigate({ search: stepId === undefined ? {} : { approve: stepId }, resetScroll: false });
  const waiting = run?.steps.find((step) => step.status === "AWAITING_APPROVAL");
  usePageKeys([
    ["a", () => waiting && openApproval(waiting.id)],
    ["g", () => void navigate({ to: "/runs/$runId/gallery", params: { runId } })],
  ]);

  if (!run) return <RunNotThere error={error} loading={!data || fetching} onRetry={reload} />;

  return (
    <StepSignalsContext value={signals}>
      <PageTitle>{`#${run.number} ${run.name}`}</PageTitle>
      <Container size="lg" py="lg">
        <Stack gap="lg">
          <RunHeader run={run} />
          <Celebration run={run} />
          <RunWaiting run={run} />
          {run.status === "COMPLETED" && <Winners runId={run.id} />}
          <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
            {run.steps.map((step) => (
              <li key={step.id}>
                <StepCard
                  runId={run.id}
                  runActive={active}
                  ownN={step.kind !== "APPROVAL" && childrenDiffer(run.steps)}
                  lastStep={step.position === run.steps.length}
                  step={step}
                  grid={step}
                  waitsFor={active ? waitsFor(step, run.steps) : undefined}
                  onOpenApproval={() => openApproval(step.id)}
                />
              </li>
            ))}
          </Stack>
        </Stack>
      </Container>
      <ApprovalModal runId={run.id} stepId={approve} onClose={() => openApproval(undefined)} />
    </StepSignalsContext>
  );
}

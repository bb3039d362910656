import { Group, Select, SimpleGrid, Stack } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { durationWords } from "../../lib/duration.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { ApprovalsSignal, useRefreshOn } from "../../lib/refresh-signal.ts";
import { capital } from "../../lib/words.ts";
import { CHANNEL_WORDS } from "./audit-words.ts";
import { Figure } from "./figure.tsx";
import { TimesTable } from "./times-table.tsx";

const DecisionTimesQuery = graphql(`
  query DecisionTimes($since: DateTime, $pipeline: String) {
    decisionTimes(since: $since, pipeline: $pipeline) {
      count
      medianSeconds
      p90Seconds
      longestSeconds
      stillWaiting
      longestWaitingSeconds
      byDay {
        day
        decisions
        medianSeconds
      }
      byPipelineStep {
        pipeline
        position
        step
        count
        medianSeconds
        p90Seconds
        longestSeconds
      }
      byPerson {
        name
        count
        medianSeconds
        p90Seconds
        longestSeconds
      }
      byChannel {
        channel
        count
        medianSeconds
        p90Seconds
        longestSeconds
      }
    }
  }
`);

const PipelineNamesQuery = graphql(`
  query PipelineNames {
    pipelines(first: 100) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

const DaysChart = lazy(() => import("../charts/days-chart.tsx").then(({ DaysChart: it }) => ({ default: it })));

const DAY_MS = 86_400_000;
const PERIODS = [
  { value: "7", label: "The last 7 days" },
  { value: "30", label: "The last 30 days" },
  { value: "90", label: "The last 90 days" },
  { value: "", label: "Always" },
];

/** How long gates wait for people, in all and per step, person and way of deciding. */
export function TimesPage() {
  const [{ period, since }, setPeriod] = useState(() => sinceDays("30"));
  const [pipeline, setPipeline] = useState<string | null>(null);
  const [{ data: names }] = useQuery({ query: PipelineNamesQuery });
  const pipelines = [...new Set(names ? nodesOf(names.pipelines).map(({ name }) => name) : [])];
  return (
    <Stack gap="lg">
      <PageTitle>Waiting times</PageTitle>
      <Group>
        <Select
          label="Decided within"
          data={PERIODS}
          value={period}
          allowDeselect={false}
          onChange={(value) => setPeriod(sinceDays(value ?? ""))}
        />
        <Select
          label="Pipeline"
          placeholder="All pipelines"
          data={pipelines}
          value={pipeline}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "Show all pipelines" }}
          onChange={setPipeline}
        />
      </Group>
      <Times since={since} pipeline={pipeline} />
    </Stack>
  );
}

/** The moment is kept: one that moved with every render would be another question each time. */
function sinceDays(period: string) {
  return { period, since: period === "" ? null : new Date(Date.now() - Number(period) * DAY_MS).toISOString() };
}

interface TimesProps {
  readonly since: string | null;
  readonly pipeline: string | null;
}

function Times({ since, pipeline }: TimesProps) {
  const [{ data, error }, refetch] = useQuery({ query: DecisionTimesQuery, variables: { since, pipeline } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(ApprovalsSignal, reload);
  if (!data) return <LoadState what="figures" error={error} onRetry={reload} />;
  const times = data.decisionTimes;
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label="Decisions by people" value={String(times.count)} />
        <Figure label="Half within" value={durationOf(times.medianSeconds)} />
        <Figure label="9 of 10 within" value={durationOf(times.p90Seconds)} />
        <Figure
          label={times.stillWaiting === 1 ? "Waits now" : "Wait now"}
          value={String(times.stillWaiting)}
          {...(times.longestWaitingSeconds === null
            ? {}
            : { note: `the first for ${durationWords(times.longestWaitingSeconds)}` })}
        />
      </SimpleGrid>
      {times.byChannel.length === 0 && (
        <EmptyPanel title="Nothing was decided in this time">
          The figures count from when somebody is asked until the gate is decided.
        </EmptyPanel>
      )}
      {times.byDay.length > 1 && (
        <Suspense>
          <DaysChart days={times.byDay} />
        </Suspense>
      )}
      <TimesTable
        title="By step"
        rows={times.byPipelineStep}
        head={["Pipeline", "Step"]}
        cells={({ pipeline: name, position, step }) => [name, `${position}: ${step}`]}
      />
      <TimesTable title="By person" rows={times.byPerson} head={["Person"]} cells={({ name }) => [name]} />
      <TimesTable
        title="By way of deciding"
        rows={times.byChannel}
        head={["Way"]}
        cells={({ channel }) => [capital(CHANNEL_WORDS[channel])]}
      />
    </>
  );
}

function durationOf(seconds: number | null): string {
  return seconds === null ? "–" : durationWords(seconds);
}

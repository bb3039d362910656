import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Paged, type PageEnd } from "../../components/paged.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { AlertsSignal, useRefreshOn } from "../../lib/refresh-signal.ts";
import { AlertCard } from "./alert-card.tsx";
import { needsSomebody } from "./alert-words.ts";
import { useOpenAlerts } from "./alerts-query.ts";

/** What needs attention, over all runs; first what nobody looks after. */
export function AlertsPage() {
  const { data, error, reload } = useOpenAlerts();
  const open = data?.alerts.filter(({ resolvedAt }) => resolvedAt === null);
  const sorted = open?.toSorted((one, other) => Number(needsSomebody(other)) - Number(needsSomebody(one)));
  return (
    <Container size="md" py="lg">
      <PageTitle>Alerts</PageTitle>
      <Stack gap="lg">
        <Title order={1} size="h2">
          Alerts
        </Title>
        {!sorted && <LoadState what="alerts" height={160} error={error} onRetry={reload} />}
        {sorted?.length === 0 && (
          <EmptyPanel title="No open alerts">
            An alert is raised when a gate waits for longer than its step allows, or when generation stalls or keeps
            failing. It resolves itself when its run moves.
          </EmptyPanel>
        )}
        {sorted && sorted.length > 0 && (
          <Stack component="section" gap="sm" aria-label="Open alerts">
            {sorted.map((alert) => (
              <AlertCard key={alert.id} alert={alert} />
            ))}
          </Stack>
        )}
        {open && <Resolved />}
      </Stack>
    </Container>
  );
}

const AlertsOverQuery = graphql(`
  query AlertsOver($before: ID, $first: Int!) {
    alerts(includeResolved: true, raisedBefore: $before, first: $first) {
      id
      resolvedAt
      ...AlertCard_Alert
    }
  }
`);

const PAGE = 50;

/** Alerts that are over, read only when somebody wants to see them. */
function Resolved() {
  const [shown, setShown] = useState(false);
  return (
    <section aria-label="Alerts that are over">
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        aria-expanded={shown}
        onClick={() => setShown((before) => !before)}
        mb="sm"
      >
        {shown ? "Hide those that are over" : "Show those that are over"}
      </Button>
      {shown && <Paged page={(before, next) => <ResolvedPart before={before} next={next} />} />}
    </section>
  );
}

interface ResolvedPartProps {
  readonly before: string | null;
  readonly next: (end: PageEnd) => ReactNode;
}

function ResolvedPart({ before, next }: ResolvedPartProps) {
  const [{ data, error }, refetch] = useQuery({ query: AlertsOverQuery, variables: { before, first: PAGE } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(AlertsSignal, reload);
  if (!data) return <LoadState what="alerts" error={error} onRetry={reload} />;
  const resolved = data.alerts.filter(({ resolvedAt }) => resolvedAt !== null);
  const hasNextPage = data.alerts.length === PAGE;
  return (
    <>
      <Stack gap="sm">
        {before === null && !hasNextPage && resolved.length === 0 && <Text c="dimmed">None yet.</Text>}
        {resolved.map((alert) => (
          <AlertCard key={alert.id} alert={alert} />
        ))}
      </Stack>
      {next({ hasNextPage, endCursor: data.alerts.at(-1)?.id ?? null })}
    </>
  );
}

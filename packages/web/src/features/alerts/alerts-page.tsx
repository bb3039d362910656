import { Button, Container, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
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
        {!sorted && !error && <Skeleton height={160} role="status" aria-label="Loading the alerts" />}
        {!sorted && error && (
          <ErrorPanel title="The alerts could not be loaded" words={wordsForError(error)} onRetry={reload} />
        )}
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
        {open && <Resolved openIds={open.map(({ id }) => id).join(" ")} />}
      </Stack>
    </Container>
  );
}

const AllAlertsQuery = graphql(`
  query AllAlerts {
    alerts(includeResolved: true) {
      id
      resolvedAt
      ...AlertCard_Alert
    }
  }
`);

/** Alerts that are over, read only when somebody wants to see them. */
function Resolved({ openIds }: { readonly openIds: string }) {
  const [shown, setShown] = useState(false);
  const [{ data, error }, refetch] = useQuery({ query: AllAlertsQuery, pause: !shown });
  const reload = useEffectEvent(() => {
    if (shown) refetch({ requestPolicy: "network-only" });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: an alert that is not open any more has joined this list.
  useEffect(() => reload(), [openIds]);
  const resolved = data?.alerts.filter(({ resolvedAt }) => resolvedAt !== null) ?? [];
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
      {shown && !data && !error && (
        <Skeleton height={100} role="status" aria-label="Loading the alerts that are over" />
      )}
      {shown && error && !data && (
        <ErrorPanel title="These alerts could not be loaded" words={wordsForError(error)} onRetry={reload} />
      )}
      {shown && data && (
        <Stack gap="sm">
          {resolved.length === 0 && <Text c="dimmed">None yet.</Text>}
          {resolved.map((alert) => (
            <AlertCard key={alert.id} alert={alert} />
          ))}
        </Stack>
      )}
    </section>
  );
}

import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import type { FailedMessagesQuery as FailedMessagesResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useRefreshOn } from "../../lib/refresh-signal.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { DeliveriesSignal } from "./deliveries-signal.ts";
import { ReplayAll } from "./delivery-log.tsx";
import { DeliveryRow } from "./delivery-row.tsx";

const FailedMessagesQuery = graphql(`
  query FailedMessages($after: String) {
    deliveries(first: 10, after: $after, status: FAILED) {
      edges {
        cursor
        node {
          id
          ...DeliveryRow_Delivery
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Messages to anybody, mails included, that were given up. */
export function FailedMessages() {
  return (
    <Stack gap="sm" component="section" aria-label="Messages that failed">
      <Title order={2} size="h5">
        Messages that failed
      </Title>
      <Paged page={(after, next) => <FailedPart after={after} next={next} />} />
    </Stack>
  );
}

interface FailedPartProps {
  readonly after: string | null;
  readonly next: (end: FailedMessagesResult["deliveries"]["pageInfo"]) => ReactNode;
}

function FailedPart({ after, next }: FailedPartProps) {
  const [{ data, error }, refetch] = useQuery({ query: FailedMessagesQuery, variables: { after } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(DeliveriesSignal, reload);
  useOnReturn(reload);
  if (!data) return <LoadState what="messages" error={error} onRetry={reload} />;
  const nodes = nodesOf(data.deliveries);
  if (nodes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None: every webhook and mail was taken, or is still being tried.
      </Text>
    );
  return (
    <>
      {after === null && (
        <Group justify="flex-end">
          <ReplayAll />
        </Group>
      )}
      <Rows label="Messages that failed">
        {nodes.map((each) => (
          <DeliveryRow key={each.id} delivery={each} withAddress />
        ))}
      </Rows>
      {next(data.deliveries.pageInfo)}
    </>
  );
}

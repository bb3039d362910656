import { Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useContext, useState } from "react";
import { useMutation, useQuery } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import { toastDone } from "../../components/toast.ts";
import type { DeliveryLog_WebhookFragment as LogFragment } from "../../gql/generated/graphql.ts";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useRefreshOn } from "../../lib/refresh-signal.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { counted } from "../../lib/words.ts";
import { DeliveriesSignal } from "./deliveries-signal.ts";
import { DeliveryRow } from "./delivery-row.tsx";
import { useWhileSome } from "./use-while-some.ts";

export const DeliveryLog_WebhookFragment = graphql(`
  fragment DeliveryLog_Webhook on Webhook {
    id
    deliveries(first: 20, after: $after, status: $status) {
      edges {
        cursor
        node {
          id
          status
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

const DeliveryLogQuery = graphql(`
  query DeliveryLog($id: ID!, $status: DeliveryStatus, $after: String) {
    node(id: $id) {
      id
      __typename
      ...DeliveryLog_Webhook
      # A message may have switched it off.
      ...WebhookCard_Webhook
    }
  }
`);

const ReplayFailedDeliveriesMutation = graphql(`
  mutation ReplayFailedDeliveries($input: ReplayFailedDeliveriesInput!) {
    replayFailedDeliveries(input: $input) {
      __typename
      ... on ReplayFailedDeliveriesSuccess {
        replayed
      }
      ... on Error {
        message
      }
    }
  }
`);

/** What was sent to a webhook and how each message went, newest first. */
export function DeliveryLog({ webhookId }: { readonly webhookId: string }) {
  const [failedOnly, setFailedOnly] = useState(false);
  return (
    <Stack gap="sm" component="section" aria-label="Messages">
      <Title order={2} size="h5">
        Messages
      </Title>
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Which messages"
          value={failedOnly ? "failed" : "all"}
          data={[
            { value: "all", label: "All" },
            { value: "failed", label: "Failed" },
          ]}
          onChange={(value) => setFailedOnly(value === "failed")}
        />
        <ReplayAll webhookId={webhookId} />
      </Group>
      <Paged
        key={String(failedOnly)}
        page={(after, next) => <LogPart webhookId={webhookId} failedOnly={failedOnly} after={after} next={next} />}
      />
    </Stack>
  );
}

interface LogPartProps {
  readonly webhookId: string;
  readonly failedOnly: boolean;
  readonly after: string | null;
  readonly next: (end: LogFragment["deliveries"]["pageInfo"]) => ReactNode;
}

function LogPart({ webhookId, failedOnly, after, next }: LogPartProps) {
  const variables = { id: webhookId, status: failedOnly ? ("FAILED" as const) : null, after };
  const [{ data, error }, refetch] = useQuery({ query: DeliveryLogQuery, variables });
  const reload = () => refetch({ requestPolicy: "network-only" });
  const node = data?.node?.__typename === "Webhook" ? data.node : undefined;
  const log = readFragment(DeliveryLog_WebhookFragment, node)?.deliveries;
  const nodes = log ? nodesOf(log) : [];
  useRefreshOn(DeliveriesSignal, reload);
  useOnReturn(reload);
  useWhileSome(
    nodes.some(({ status }) => status === "PENDING"),
    reload,
  );
  if (!log) return <LoadState what="messages" error={error} onRetry={reload} />;
  if (nodes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {failedOnly ? "None has failed." : "None yet. Send a test to see whether your receiver is there."}
      </Text>
    );
  return (
    <>
      <Rows label="Messages">
        {nodes.map((each) => (
          <DeliveryRow key={each.id} delivery={each} />
        ))}
      </Rows>
      {next(log.pageInfo)}
    </>
  );
}

const EVER = "1970-01-01T00:00:00.000Z";

/** Sends everything again that was given up, as after the receiver was away for long. */
export function ReplayAll({ webhookId }: { readonly webhookId?: string }) {
  const [{ fetching }, replay] = useMutation(ReplayFailedDeliveriesMutation);
  const [words, setWords] = useState<string>();
  const deliveries = useContext(DeliveriesSignal);

  const onReplay = async () => {
    const input = { since: EVER, ...(webhookId === undefined ? {} : { webhookId }) };
    const outcome = outcomeOf(
      await replay({ input }),
      (data) => data.replayFailedDeliveries,
      "ReplayFailedDeliveriesSuccess",
    );
    setWords(outcome.ok ? undefined : outcome.words);
    if (!outcome.ok) return;
    const { replayed } = outcome.value;
    toastDone(replayed === 0 ? "There was nothing to send again." : `${counted(replayed, "message")} sent again.`);
    deliveries.emit();
  };

  return (
    <Group gap="xs">
      <FormProblem words={words} />
      <Button size="xs" variant="default" loading={fetching} onClick={() => void onReplay()}>
        Send all failed ones again
      </Button>
    </Group>
  );
}

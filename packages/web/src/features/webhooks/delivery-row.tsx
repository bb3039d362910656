import { Anchor, Badge, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useContext, useId, useState } from "react";
import { useMutation } from "urql";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { clockTime, fullTime } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { counted } from "../../lib/words.ts";
import { DeliveriesSignal } from "./deliveries-signal.ts";
import { messageWords, STATUS_LOOKS } from "./event-words.ts";

export const DeliveryRow_DeliveryFragment = graphql(`
  fragment DeliveryRow_Delivery on Delivery {
    id
    channel
    address
    eventType
    messageId
    payload
    status
    error
    createdAt
    nextAttemptAt
    recipient {
      id
      name
    }
    replayOf {
      id
    }
    run {
      id
      number
    }
    attempts {
      attempt
      at
      responseStatus
      error
      durationMs
    }
  }
`);

const ReplayDeliveryMutation = graphql(`
  mutation ReplayDelivery($input: ReplayDeliveryInput!) {
    replayDelivery(input: $input) {
      __typename
      ... on ReplayDeliverySuccess {
        delivery {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface DeliveryRowProps {
  readonly delivery: FragmentType<typeof DeliveryRow_DeliveryFragment>;
  /** Where messages to several receivers are listed. */
  readonly withAddress?: boolean;
}

/** One message and how it went, with each attempt on request. */
export function DeliveryRow({ delivery: ref, withAddress = false }: DeliveryRowProps) {
  const delivery = readFragment(DeliveryRow_DeliveryFragment, ref);
  const [{ fetching }, replay] = useMutation(ReplayDeliveryMutation);
  const deliveries = useContext(DeliveriesSignal);
  const [opened, setOpened] = useState(false);
  const [words, setWords] = useState<string>();
  const detailsId = useId();
  const now = useNow();
  const { words: state, color } = STATUS_LOOKS[delivery.status];
  const what = messageWords(delivery.eventType);

  const onReplay = async () => {
    const answer = await replay({ input: { deliveryId: delivery.id } });
    const outcome = outcomeOf(answer, (data) => data.replayDelivery, "ReplayDeliverySuccess");
    setWords(outcome.ok ? undefined : outcome.words);
    if (outcome.ok) deliveries.emit();
  };

  return (
    <Row
      stacks
      actions={
        <>
          {delivery.status !== "PENDING" && (
            <Button size="compact-sm" variant="default" loading={fetching} onClick={() => void onReplay()}>
              Send again
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={opened}
            aria-controls={detailsId}
            onClick={() => setOpened((before) => !before)}
          >
            {opened ? "Hide details" : "Details"}
          </Button>
        </>
      }
      below={<div id={detailsId}>{opened && <Details delivery={delivery} />}</div>}
    >
      <Group gap="4px 10px">
        <Text fw={600} size="sm">
          {what}
        </Text>
        <Badge color={color} variant="light" tt="none" radius="sm">
          {state}
        </Badge>
        {delivery.run !== null && (
          <Anchor
            renderRoot={(rootProps) => (
              <Link to="/runs/$runId" params={{ runId: delivery.run?.id ?? "" }} {...rootProps} />
            )}
            size="sm"
          >
            Run #{delivery.run.number}
          </Anchor>
        )}
      </Group>
      <Group gap="2px 12px" c="dimmed" fz="sm" mt={4}>
        {withAddress && (
          <span>
            To {delivery.recipient ? `${delivery.recipient.name}, ` : ""}
            {delivery.address}
          </span>
        )}
        <RelativeTime at={delivery.createdAt} />
        <span>{counted(delivery.attempts.length, "attempt")}</span>
        {delivery.replayOf !== null && <span>Sent again</span>}
        {delivery.status === "PENDING" && delivery.attempts.length > 0 && delivery.nextAttemptAt !== null && (
          <span>Next attempt {clockTime(Date.parse(delivery.nextAttemptAt), now)}</span>
        )}
      </Group>
      {delivery.error !== null && delivery.status !== "DELIVERED" && (
        <Text size="sm" c="var(--sluice-danger)">
          {delivery.error}
        </Text>
      )}
      {words !== undefined && (
        <Text size="sm" c="var(--sluice-danger)" role="alert">
          {words}
        </Text>
      )}
    </Row>
  );
}

interface DetailsProps {
  readonly delivery: {
    readonly messageId: string;
    readonly payload: unknown;
    readonly attempts: readonly {
      readonly attempt: number;
      readonly at: string;
      readonly responseStatus: number | null;
      readonly error: string | null;
      readonly durationMs: number;
    }[];
  };
}

function Details({ delivery: { messageId, payload, attempts } }: DetailsProps) {
  return (
    <Stack gap="sm" mt="sm">
      {attempts.length > 0 && (
        <Table.ScrollContainer minWidth={440}>
          <Table aria-label="Attempts" fz="sm" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Attempt</Table.Th>
                <Table.Th>When</Table.Th>
                <Table.Th>Answer</Table.Th>
                <Table.Th>Took</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {attempts.map((each) => (
                <Table.Tr key={each.attempt}>
                  <Table.Td>{each.attempt}</Table.Td>
                  <Table.Td>{fullTime(Date.parse(each.at))}</Table.Td>
                  <Table.Td>
                    {each.error ?? (each.responseStatus === null ? "Taken" : `Taken, with ${each.responseStatus}`)}
                  </Table.Td>
                  <Table.Td>{each.durationMs} ms</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        Message id <Code>{messageId}</Code>, the same whenever it is sent again.
      </Text>
      <Code block style={{ maxHeight: 320, overflow: "auto" }}>
        {JSON.stringify(payload, null, 2)}
      </Code>
    </Stack>
  );
}

import { Anchor, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { OwnersOnly } from "../../components/owners-only.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Row, Rows } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { CreateWebhookDialog } from "./create-webhook-dialog.tsx";
import { eventsInWords } from "./event-words.ts";
import { FailedMessages } from "./failed-messages.tsx";

const WebhooksQuery = graphql(`
  query Webhooks {
    webhooks {
      id
      ...WebhookRow_Webhook
    }
  }
`);

export const WebhookRow_WebhookFragment = graphql(`
  fragment WebhookRow_Webhook on Webhook {
    id
    url
    description
    enabled
    disabledReason
    eventTypes
  }
`);

/** Addresses that are told of what happens, and the messages that did not arrive. */
export function WebhooksPage() {
  return (
    <OwnersOnly>
      <PageTitle>Webhooks</PageTitle>
      <Webhooks />
    </OwnersOnly>
  );
}

function Webhooks() {
  const [{ data, error }, refetch] = useQuery({ query: WebhooksQuery });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  const [creating, setCreating] = useState(false);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="start">
        <Text size="sm" style={{ flex: "1 1 300px" }}>
          Sluice sends each event to these addresses, signed as Standard Webhooks has it, and tries again until it
          arrives or is given up.
        </Text>
        <Button onClick={() => setCreating(true)}>New webhook…</Button>
      </Group>
      {!data && <LoadState what="webhooks" error={error} onRetry={reload} />}
      {data?.webhooks.length === 0 && (
        <EmptyPanel title="No webhooks">
          Make one to have a program told when a gate waits, is decided, or stalls.
        </EmptyPanel>
      )}
      {data && data.webhooks.length > 0 && (
        <Rows label="Webhooks">
          {data.webhooks.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} />
          ))}
        </Rows>
      )}
      <FailedMessages />
      {creating && <CreateWebhookDialog onClose={() => setCreating(false)} />}
    </Stack>
  );
}

function WebhookRow({ webhook: ref }: { readonly webhook: FragmentType<typeof WebhookRow_WebhookFragment> }) {
  const { id, url, description, enabled, disabledReason, eventTypes } = readFragment(WebhookRow_WebhookFragment, ref);
  return (
    <Row
      actions={
        <Badge color={enabled ? "teal" : "gray"} variant="light" tt="none" radius="sm">
          {enabled ? "On" : "Off"}
        </Badge>
      }
    >
      <Anchor
        renderRoot={(rootProps) => (
          <Link to="/settings/webhooks/$webhookId" params={{ webhookId: id }} {...rootProps} />
        )}
        fw={600}
        size="sm"
      >
        {url}
      </Anchor>
      <Text size="sm" c="dimmed">
        {description !== null && `${description} · `}
        {eventsInWords(eventTypes)}
      </Text>
      {disabledReason !== null && (
        <Text size="sm" c="var(--sluice-danger)">
          {disabledReason}
        </Text>
      )}
    </Row>
  );
}

import { Group, Paper, Stack, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { fullTime } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { eventsInWords } from "./event-words.ts";
import { UpdateWebhookMutation } from "./update-webhook.ts";
import { WebhookActions } from "./webhook-actions.tsx";

export const WebhookCard_WebhookFragment = graphql(`
  fragment WebhookCard_Webhook on Webhook {
    id
    url
    description
    enabled
    disabledReason
    eventTypes
    previousSecretExpiresAt
    createdAt
    createdBy {
      id
      name
    }
  }
`);

interface WebhookCardProps {
  readonly webhook: FragmentType<typeof WebhookCard_WebhookFragment>;
}

/** How a webhook is set, with the switch and what else can be done with it. */
export function WebhookCard({ webhook: ref }: WebhookCardProps) {
  const webhook = readFragment(WebhookCard_WebhookFragment, ref);
  const [{ fetching }, update] = useMutation(UpdateWebhookMutation);
  const [words, setWords] = useState<string>();
  const now = useNow();
  const oldSecret = webhook.previousSecretExpiresAt === null ? 0 : Date.parse(webhook.previousSecretExpiresAt);

  const setEnabled = async (enabled: boolean) => {
    const answer = await update({ input: { webhookId: webhook.id, enabled } });
    const outcome = outcomeOf(answer, (data) => data.updateWebhook, "UpdateWebhookSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
  };

  return (
    <Paper withBorder radius="lg" p="md" component="section" aria-label="The webhook">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
            {webhook.url}
          </Title>
          {webhook.description !== null && <Text size="sm">{webhook.description}</Text>}
        </div>
        <Switch
          label={webhook.enabled ? "On" : "Off: what happens meanwhile is not kept for it"}
          aria-label="Send to this webhook"
          checked={webhook.enabled}
          disabled={fetching}
          onChange={(event) => void setEnabled(event.currentTarget.checked)}
        />
        {webhook.disabledReason !== null && (
          <Text size="sm" c="var(--sluice-danger)">
            {webhook.disabledReason}
          </Text>
        )}
        <FormProblem words={words} />
        <Group gap="2px 16px" c="dimmed" fz="sm">
          <span>{eventsInWords(webhook.eventTypes)}</span>
          <span>
            Made {webhook.createdBy && `by ${webhook.createdBy.name} `}
            <RelativeTime at={webhook.createdAt} />
          </span>
          {oldSecret > now && <span>The secret before signs too until {fullTime(oldSecret)}</span>}
        </Group>
        <WebhookActions webhook={webhook} />
      </Stack>
    </Paper>
  );
}

import { Checkbox, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { NotificationType } from "../../gql/generated/graphql.ts";
import { errorAt, type Problem } from "../../lib/problem.ts";
import { EVENT_WORDS, EVENTS } from "./event-words.ts";
import type { WebhookDraft } from "./webhook-draft.ts";

export const WEBHOOK_FIELDS = ["url", "description", "eventTypes"];

interface WebhookFieldsProps {
  readonly draft: WebhookDraft;
  readonly problem: Problem | undefined;
  readonly onChange: (draft: WebhookDraft) => void;
}

export function WebhookFields({ draft, problem, onChange }: WebhookFieldsProps) {
  return (
    <>
      <TextInput
        label="URL"
        type="url"
        placeholder="https://example.org/hooks/sluice"
        data-autofocus
        value={draft.url}
        error={errorAt(problem, "url")}
        onChange={(event) => onChange({ ...draft, url: event.currentTarget.value })}
      />
      <TextInput
        label="Description (optional)"
        value={draft.description}
        error={errorAt(problem, "description")}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      <Radio.Group
        label="What to tell it of"
        value={draft.all ? "all" : "some"}
        onChange={(value) => onChange({ ...draft, all: value === "all" })}
      >
        <Stack gap={6} mt={6}>
          <Radio value="all" label="All events" />
          <Radio value="some" label="Only what I choose" />
        </Stack>
      </Radio.Group>
      {!draft.all && (
        <Checkbox.Group
          aria-label="Events"
          value={[...draft.chosen]}
          error={errorAt(problem, "eventTypes")}
          onChange={(values) => onChange({ ...draft, chosen: values as NotificationType[] })}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing={6} mb={4}>
            {EVENTS.map((type) => (
              <Checkbox key={type} value={type} label={EVENT_WORDS[type]} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
    </>
  );
}

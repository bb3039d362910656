import { Checkbox, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { NotificationType } from "../../gql/generated/graphql.ts";
import { errorAt, type Problem } from "../../lib/problem.ts";
import { EVENT_WORDS, EVENTS } from "./event-words.ts";

/** What is asked for a webhook, as it is typed. */
export interface WebhookDraft {
  readonly url: string;
  readonly description: string;
  /** Told of everything, also of what later versions can tell of. */
  readonly all: boolean;
  readonly chosen: readonly NotificationType[];
}

export const NEW_WEBHOOK: WebhookDraft = { url: "", description: "", all: true, chosen: [] };

/** The API takes no event for all of them. */
export function eventTypesOf({ all, chosen }: WebhookDraft): NotificationType[] {
  return all ? [] : [...chosen];
}

/** No event at all would mean all of them to the API. */
export function choosesNothing({ all, chosen }: WebhookDraft): boolean {
  return !all && chosen.length === 0;
}

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

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import type { NotificationType } from "../../gql/generated/graphql.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { EVENTS } from "./event-words.ts";
import { UpdateWebhookMutation } from "./update-webhook.ts";
import {
  choosesNothing,
  eventTypesOf,
  NEW_WEBHOOK,
  WEBHOOK_FIELDS,
  type WebhookDraft,
  WebhookFields,
} from "./webhook-fields.tsx";

interface EditWebhookDialogProps {
  readonly webhook: {
    readonly id: string;
    readonly url: string;
    readonly description: string | null;
    readonly eventTypes: readonly NotificationType[];
  };
  readonly onClose: () => void;
}

/** Changes where a webhook's requests go and what it is told of. */
export function EditWebhookDialog({ webhook, onClose }: EditWebhookDialogProps) {
  const [{ fetching }, update] = useMutation(UpdateWebhookMutation);
  const [draft, setDraft, clear] = useDraft<WebhookDraft>(`webhook ${webhook.id}`, draftOf(webhook));
  const [problem, setProblem] = useState<Problem>();

  const close = () => {
    clear();
    onClose();
  };
  const submit = async () => {
    if (choosesNothing(draft)) return setProblem({ words: "Choose at least one event.", field: "eventTypes" });
    const { url, description } = draft;
    const input = { webhookId: webhook.id, url, description, eventTypes: eventTypesOf(draft) };
    const outcome = outcomeOf(await update({ input }), (data) => data.updateWebhook, "UpdateWebhookSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    close();
  };

  return (
    <Modal opened onClose={close} title="Edit the webhook" centered size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <WebhookFields draft={draft} problem={problem} onChange={setDraft} />
          <FormProblem words={errorElsewhere(problem, WEBHOOK_FIELDS)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function draftOf({ url, description, eventTypes }: EditWebhookDialogProps["webhook"]): WebhookDraft {
  const all = eventTypes.length === EVENTS.length;
  return { ...NEW_WEBHOOK, url, description: description ?? "", all, chosen: all ? [] : eventTypes };
}

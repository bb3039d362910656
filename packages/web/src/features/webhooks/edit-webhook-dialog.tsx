import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import type { NotificationType } from "../../gql/generated/graphql.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { UpdateWebhookMutation } from "./update-webhook.ts";
import { choosesNothing, draftOf } from "./webhook-draft.ts";
import { changesOf, edited, overwrites, viewOf, type WebhookEdit } from "./webhook-edit.ts";
import { WEBHOOK_FIELDS, WebhookFields } from "./webhook-fields.tsx";

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
  const [edit, setEdit, clear] = useDraft<WebhookEdit>(`edit of webhook ${webhook.id}`, {});
  const now = draftOf(webhook);
  const draft = viewOf(edit, now);
  const replaced = overwrites(edit, now);
  const [problem, setProblem] = useState<Problem>();

  const close = () => {
    clear();
    onClose();
  };
  const submit = async () => {
    if (choosesNothing(draft)) return setProblem({ words: "Choose at least one event.", field: "eventTypes" });
    const input = { webhookId: webhook.id, ...changesOf(edit, now) };
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
          <WebhookFields draft={draft} problem={problem} onChange={(next) => setEdit(edited(edit, now, next))} />
          {replaced.length > 0 && (
            <Alert color="amber" variant="light" role="status" p="xs" px="sm">
              Somebody else has changed {inWords(replaced)} since you began. What stands here replaces that.
            </Alert>
          )}
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

function inWords(parts: readonly string[]): string {
  return new Intl.ListFormat("en").format(parts);
}

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { choosesNothing, eventTypesOf, NEW_WEBHOOK } from "./webhook-draft.ts";
import { WEBHOOK_FIELDS, WebhookFields } from "./webhook-fields.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";

const CreateWebhookMutation = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      __typename
      ... on CreateWebhookSuccess {
        secret
        webhook {
          id
        }
      }
      ... on InvalidInputError {
        field
      }
      ... on Error {
        message
      }
    }
  }
`);

/** Makes a webhook and shows its secret, once. */
export function CreateWebhookDialog({ onClose }: { readonly onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  // A click beside it must not throw away what cannot be shown again.
  return (
    <Modal
      opened
      onClose={onClose}
      title={secret === undefined ? "New webhook" : "The webhook's secret"}
      centered
      size="lg"
      closeOnClickOutside={secret === undefined}
      closeOnEscape={secret === undefined}
    >
      {secret === undefined ? (
        <CreateWebhookForm onClose={onClose} onMade={setSecret} />
      ) : (
        <WebhookSecret secret={secret} onDone={onClose} />
      )}
    </Modal>
  );
}

interface CreateWebhookFormProps {
  readonly onClose: () => void;
  readonly onMade: (secret: string) => void;
}

function CreateWebhookForm({ onClose, onMade }: CreateWebhookFormProps) {
  const [{ fetching }, create] = useMutation(CreateWebhookMutation);
  const [draft, setDraft, clear] = useDraft("new webhook", NEW_WEBHOOK);
  const [problem, setProblem] = useState<Problem>();

  const submit = async () => {
    if (choosesNothing(draft)) return setProblem({ words: "Choose at least one event.", field: "eventTypes" });
    const input = { url: draft.url, description: draft.description, eventTypes: eventTypesOf(draft) };
    const outcome = outcomeOf(await create({ input }), (data) => data.createWebhook, "CreateWebhookSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    clear();
    onMade(outcome.value.secret);
  };

  return (
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
          <Button
            variant="default"
            onClick={() => {
              clear();
              onClose();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" loading={fetching}>
            Make the webhook
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Group, Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useContext, useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { toastDone } from "../../components/toast.ts";
import type { NotificationType } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { DeliveriesSignal } from "./deliveries-signal.ts";
import { EditWebhookDialog } from "./edit-webhook-dialog.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";

const SendTestWebhookMutation = graphql(`
  mutation SendTestWebhook($input: SendTestWebhookInput!) {
    sendTestWebhook(input: $input) {
      __typename
      ... on SendTestWebhookSuccess {
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

const RotateWebhookSecretMutation = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      __typename
      ... on RotateWebhookSecretSuccess {
        secret
        webhook {
          id
          ...WebhookCard_Webhook
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const DeleteWebhookMutation = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      __typename
      ... on DeleteWebhookSuccess {
        webhook {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface WebhookActionsProps {
  readonly webhook: {
    readonly id: string;
    readonly url: string;
    readonly description: string | null;
    readonly eventTypes: readonly NotificationType[];
  };
}

/** What can be done with a webhook; what cannot be undone asks first. */
export function WebhookActions({ webhook }: WebhookActionsProps) {
  const [{ fetching: testing }, sendTest] = useMutation(SendTestWebhookMutation);
  const [, rotate] = useMutation(RotateWebhookSecretMutation);
  const [, remove] = useMutation(DeleteWebhookMutation);
  const [asked, setAsked] = useState<"edit" | "rotate" | "delete">();
  const [secret, setSecret] = useState<string>();
  const [words, setWords] = useState<string>();
  const navigate = useNavigate();
  const deliveries = useContext(DeliveriesSignal);
  const input = { webhookId: webhook.id };
  const close = () => setAsked(undefined);

  const onTest = async () => {
    const outcome = outcomeOf(await sendTest({ input }), (data) => data.sendTestWebhook, "SendTestWebhookSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
    if (outcome.ok) deliveries.emit();
  };
  const onRotate = async () => {
    const outcome = outcomeOf(
      await rotate({ input }),
      (data) => data.rotateWebhookSecret,
      "RotateWebhookSecretSuccess",
    );
    if (!outcome.ok) return outcome.words;
    setSecret(outcome.value.secret);
    return undefined;
  };
  const onDelete = async () => {
    const outcome = outcomeOf(await remove({ input }), (data) => data.deleteWebhook, "DeleteWebhookSuccess");
    if (!outcome.ok) return outcome.words;
    toastDone("The webhook was deleted.");
    await navigate({ to: "/settings/webhooks" });
    return undefined;
  };

  return (
    <>
      <Group gap="xs">
        <Button size="xs" loading={testing} onClick={() => void onTest()}>
          Send a test
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsked("edit")}>
          Edit…
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsked("rotate")}>
          New secret…
        </Button>
        <Button size="xs" variant="subtle" color="red" c="var(--sluice-danger)" onClick={() => setAsked("delete")}>
          Delete…
        </Button>
      </Group>
      <FormProblem words={words} />
      {asked === "edit" && <EditWebhookDialog webhook={webhook} onClose={close} />}
      <ConfirmDialog
        opened={asked === "rotate"}
        title="Make a new secret?"
        confirmLabel="Make a new secret"
        onClose={close}
        onConfirm={onRotate}
      >
        Requests carry signatures of both secrets for 24 hours, so that your receiver can change over without missing
        any. After that only the new one signs.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "delete"}
        title="Delete this webhook?"
        confirmLabel="Delete"
        danger
        onClose={close}
        onConfirm={onDelete}
      >
        {webhook.url} is told of nothing more, and what waits to be sent there is cancelled. It cannot be taken back.
      </ConfirmDialog>
      <Modal
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title="The webhook's new secret"
        centered
        size="lg"
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <WebhookSecret secret={secret ?? ""} onDone={() => setSecret(undefined)} />
      </Modal>
    </>
  );
}

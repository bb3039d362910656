import { SecretOnce } from "../../components/secret-once.tsx";

/** The secret of a webhook that was just made or got a new one. */
export function WebhookSecret({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  return (
    <SecretOnce label="Secret" value={secret} onDone={onDone}>
      Your receiver needs it to check that requests come from here. Libraries for Standard Webhooks take it as it is.
    </SecretOnce>
  );
}

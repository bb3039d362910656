import { Badge, Button, Code, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row } from "../../components/rows.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { RIGHT_WORDS } from "../../lib/roles.ts";
import { fullTime } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";

export const ApiKeyRow_ApiKeyFragment = graphql(`
  fragment ApiKeyRow_ApiKey on ApiKey {
    id
    name
    prefix
    scopes
    createdAt
    expiresAt
    lastUsedAt
    owner {
      id
      name
      deactivatedAt
    }
  }
`);

const RevokeApiKeyMutation = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on RevokeApiKeySuccess {
        apiKeyId
      }
      ... on Error {
        message
      }
    }
  }
`);

interface ApiKeyRowProps {
  readonly apiKey: FragmentType<typeof ApiKeyRow_ApiKeyFragment>;
  readonly withOwner: boolean;
}

export function ApiKeyRow({ apiKey: ref, withOwner }: ApiKeyRowProps) {
  const apiKey = readFragment(ApiKeyRow_ApiKeyFragment, ref);
  const [, revoke] = useMutation(RevokeApiKeyMutation);
  const [asking, setAsking] = useState(false);
  const name = apiKey.name ?? "A key without a name";

  const onRevoke = async (): Promise<string | undefined> => {
    const answer = await revoke({ input: { apiKeyId: apiKey.id } });
    const outcome = outcomeOf(answer, (data) => data.revokeApiKey, "RevokeApiKeySuccess");
    if (!outcome.ok) return outcome.words;
    toastDone(`The key "${name}" was revoked.`);
    return undefined;
  };

  return (
    <Row
      actions={
        <Button
          size="xs"
          variant="subtle"
          color="red"
          c="var(--sluice-danger)"
          aria-label={`Revoke the key ${name}`}
          onClick={() => setAsking(true)}
        >
          Revoke…
        </Button>
      }
    >
      <Group gap="4px 10px">
        <Text fw={600} size="sm">
          {name}
        </Text>
        {apiKey.prefix !== null && <Code>{apiKey.prefix}…</Code>}
        <Scopes scopes={apiKey.scopes} />
      </Group>
      <Group gap="2px 12px" c="dimmed" fz="sm" mt={4}>
        {withOwner && (
          <span>
            Of {apiKey.owner.name}
            {apiKey.owner.deactivatedAt !== null && ", who is deactivated"}
          </span>
        )}
        <span>{apiKey.lastUsedAt === null ? "Never used" : <LastUsed at={apiKey.lastUsedAt} />}</span>
        <span>
          Made <RelativeTime at={apiKey.createdAt} />
        </span>
        <Expiry at={apiKey.expiresAt} />
      </Group>
      <ConfirmDialog
        opened={asking}
        title={`Revoke the key "${name}"?`}
        confirmLabel="Revoke"
        danger
        onClose={() => setAsking(false)}
        onConfirm={onRevoke}
      >
        Whatever uses it stops working at once, and what it has open is disconnected. It cannot be taken back.
      </ConfirmDialog>
    </Row>
  );
}

function LastUsed({ at }: { readonly at: string }) {
  return (
    <>
      Used <RelativeTime at={at} />
    </>
  );
}

function Scopes({ scopes }: { readonly scopes: readonly (keyof typeof RIGHT_WORDS)[] | null }) {
  if (scopes === null) return <Text size="xs">everything its owner may</Text>;
  return scopes.map((scope) => (
    <Badge key={scope} variant="default" tt="none" radius="sm">
      {RIGHT_WORDS[scope].label}
    </Badge>
  ));
}

function Expiry({ at }: { readonly at: string | null }) {
  const now = useNow();
  if (at === null) return <span>Does not expire</span>;
  const then = Date.parse(at);
  return (
    <Text span size="sm" {...(then <= now ? { c: "var(--sluice-danger)" } : {})}>
      {then <= now ? "Expired" : "Expires"} {fullTime(then)}
    </Text>
  );
}

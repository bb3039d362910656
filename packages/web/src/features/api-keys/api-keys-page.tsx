import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import type { ApiKeysQuery as ApiKeysResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useMay } from "../../lib/viewer.ts";
import { ApiKeyRow } from "./api-key-row.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";

const ApiKeysQuery = graphql(`
  query ApiKeys($everybody: Boolean!, $after: String) {
    apiKeys(everybody: $everybody, first: 20, after: $after) {
      edges {
        cursor
        node {
          id
          ...ApiKeyRow_ApiKey
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** What programs show instead of signing in: one's own, and for owners those of everybody. */
export function ApiKeysPage() {
  const isOwner = useMay("OWN");
  const [everybody, setEverybody] = useState(false);
  const [creating, setCreating] = useState(false);
  return (
    <Stack gap="md">
      <PageTitle>API keys</PageTitle>
      <Text size="sm">
        A program sends a key as <code>Authorization: Bearer …</code> and acts as you, as far as the key's scopes go.
      </Text>
      <Group justify="space-between">
        {isOwner ? (
          <SegmentedControl
            aria-label="Whose keys"
            value={everybody ? "everybody" : "mine"}
            data={[
              { value: "mine", label: "Mine" },
              { value: "everybody", label: "Everybody's" },
            ]}
            onChange={(value) => setEverybody(value === "everybody")}
          />
        ) : (
          <span />
        )}
        <Button onClick={() => setCreating(true)}>New key…</Button>
      </Group>
      <Paged
        key={everybody ? "everybody" : "mine"}
        page={(after, next) => <KeysPage everybody={everybody} after={after} next={next} />}
      />
      {creating && <CreateKeyDialog onClose={() => setCreating(false)} />}
    </Stack>
  );
}

interface KeysPageProps {
  readonly everybody: boolean;
  readonly after: string | null;
  readonly next: (end: ApiKeysResult["apiKeys"]["pageInfo"]) => ReactNode;
}

function KeysPage({ everybody, after, next }: KeysPageProps) {
  const [{ data, error }, refetch] = useQuery({ query: ApiKeysQuery, variables: { everybody, after } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) return <LoadState what="API keys" error={error} onRetry={reload} />;
  const nodes = nodesOf(data.apiKeys);
  if (nodes.length === 0) {
    return (
      <EmptyPanel title="No API keys">Make one for each program, so that each can be taken back by itself.</EmptyPanel>
    );
  }
  return (
    <>
      <Rows label="API keys">
        {nodes.map((node) => (
          <ApiKeyRow key={node.id} apiKey={node} withOwner={everybody} />
        ))}
      </Rows>
      {next(data.apiKeys.pageInfo)}
    </>
  );
}

import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { OwnersOnly } from "../../components/owners-only.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import type { PeopleQuery as PeopleResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { ROLE_WORDS, ROLES } from "../../lib/roles.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { Invitations } from "./invitations.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { PersonRow } from "./person-row.tsx";

const PeopleQuery = graphql(`
  query People($includeDeactivated: Boolean!, $after: String) {
    people(includeDeactivated: $includeDeactivated, first: 50, after: $after) {
      edges {
        cursor
        node {
          id
          ...PersonRow_Actor
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Who may do what, and who is invited. */
export function PeoplePage() {
  return (
    <OwnersOnly>
      <PageTitle>People</PageTitle>
      <People />
    </OwnersOnly>
  );
}

function People() {
  const [deactivated, setDeactivated] = useState(false);
  const [inviting, setInviting] = useState(false);
  return (
    <Stack gap="md">
      <Text size="sm">
        {ROLES.map((role, at) => (
          <span key={role}>
            {at > 0 && " "}
            <strong>{ROLE_WORDS[role].label}</strong> {ROLE_WORDS[role].may}.
          </span>
        ))}{" "}
        Each includes those before it.
      </Text>
      <Group justify="space-between">
        <Switch
          label="Also those who are deactivated"
          checked={deactivated}
          onChange={(event) => setDeactivated(event.currentTarget.checked)}
        />
        <Button onClick={() => setInviting(true)}>Invite…</Button>
      </Group>
      <Invitations />
      <Paged
        key={String(deactivated)}
        page={(after, next) => <PeoplePart includeDeactivated={deactivated} after={after} next={next} />}
      />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Stack>
  );
}

interface PeoplePartProps {
  readonly includeDeactivated: boolean;
  readonly after: string | null;
  readonly next: (end: PeopleResult["people"]["pageInfo"]) => ReactNode;
}

function PeoplePart({ includeDeactivated, after, next }: PeoplePartProps) {
  const [{ data, error }, refetch] = useQuery({ query: PeopleQuery, variables: { includeDeactivated, after } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) return <LoadState what="people" error={error} onRetry={reload} />;
  const nodes = nodesOf(data.people);
  if (nodes.length === 0) return <EmptyPanel title="Nobody here" />;
  return (
    <>
      <Rows label="People">
        {nodes.map((node) => (
          <PersonRow key={node.id} person={node} />
        ))}
      </Rows>
      {next(data.people.pageInfo)}
    </>
  );
}

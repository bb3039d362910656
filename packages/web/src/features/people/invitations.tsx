import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useMutation, useQuery } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { Paged } from "../../components/paged.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row, Rows } from "../../components/rows.tsx";
import { toastDone } from "../../components/toast.ts";
import type { InvitationsQuery as InvitationsResult } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { ROLE_WORDS } from "../../lib/roles.ts";
import { fullTime } from "../../lib/time.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";

const InvitationsQuery = graphql(`
  query Invitations($after: String) {
    invitations(first: 20, after: $after) {
      edges {
        cursor
        node {
          id
          status
          ...InvitationRow_Invitation
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const InvitationRow_InvitationFragment = graphql(`
  fragment InvitationRow_Invitation on Invitation {
    id
    role
    email
    name
    createdAt
    expiresAt
    invitedBy {
      id
      name
    }
  }
`);

const RevokeInvitationMutation = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      __typename
      ... on RevokeInvitationSuccess {
        invitation {
          id
          status
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

/** Invitations that nobody has accepted yet; nothing where there are none. */
export function Invitations() {
  return <Paged page={(after, next) => <InvitationsPart after={after} next={next} />} />;
}

interface InvitationsPartProps {
  readonly after: string | null;
  readonly next: (end: InvitationsResult["invitations"]["pageInfo"]) => ReactNode;
}

function InvitationsPart({ after, next }: InvitationsPartProps) {
  const [{ data, error }, refetch] = useQuery({ query: InvitationsQuery, variables: { after } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) {
    if (!error) return null;
    return <LoadState what="invitations" error={error} onRetry={reload} />;
  }
  const open = nodesOf(data.invitations).filter(({ status }) => status === "OPEN");
  if (open.length === 0) return null;
  return (
    <section aria-label="Open invitations">
      {after === null && (
        <Title order={2} size="h5" mb="xs">
          Invited
        </Title>
      )}
      <Rows label="Open invitations">
        {open.map((node) => (
          <InvitationRow key={node.id} invitation={node} />
        ))}
      </Rows>
      {next(data.invitations.pageInfo)}
    </section>
  );
}

interface InvitationRowProps {
  readonly invitation: FragmentType<typeof InvitationRow_InvitationFragment>;
}

function InvitationRow({ invitation: ref }: InvitationRowProps) {
  const { id, role, email, name, createdAt, expiresAt, invitedBy } = readFragment(
    InvitationRow_InvitationFragment,
    ref,
  );
  const [, revoke] = useMutation(RevokeInvitationMutation);
  const [asking, setAsking] = useState(false);
  const whom = name ?? email ?? "Whoever has the link";

  const onRevoke = async () => {
    const answer = await revoke({ input: { invitationId: id } });
    const outcome = outcomeOf(answer, (data) => data.revokeInvitation, "RevokeInvitationSuccess");
    if (!outcome.ok) return outcome.words;
    toastDone("The invitation was revoked.");
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
          aria-label={`Revoke the invitation of ${whom}`}
          onClick={() => setAsking(true)}
        >
          Revoke…
        </Button>
      }
    >
      <Group gap="4px 10px">
        <Text fw={600} size="sm">
          {whom}
        </Text>
        <Badge variant="default" tt="none" radius="sm">
          {ROLE_WORDS[role].label}
        </Badge>
      </Group>
      <Group gap="2px 12px" c="dimmed" fz="sm" mt={4}>
        {name !== null && email !== null && <span>{email}</span>}
        <span>
          Invited {invitedBy && `by ${invitedBy.name} `}
          <RelativeTime at={createdAt} />
        </span>
        <span>Open until {fullTime(Date.parse(expiresAt))}</span>
      </Group>
      <ConfirmDialog
        opened={asking}
        title="Revoke this invitation?"
        confirmLabel="Revoke"
        danger
        onClose={() => setAsking(false)}
        onConfirm={onRevoke}
      >
        Its link does nothing any more. You can make another at any time.
      </ConfirmDialog>
    </Row>
  );
}

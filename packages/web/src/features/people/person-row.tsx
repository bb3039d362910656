import { Badge, Group, Text } from "@mantine/core";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useViewer } from "../../lib/viewer.ts";
import { PersonMenu } from "./person-menu.tsx";
import { RoleSelect } from "./role-select.tsx";

export const PersonRow_ActorFragment = graphql(`
  fragment PersonRow_Actor on Actor {
    id
    name
    kind
    role
    email
    emailConfirmed
    createdAt
    deactivatedAt
  }
`);

interface PersonRowProps {
  readonly person: FragmentType<typeof PersonRow_ActorFragment>;
}

export function PersonRow({ person: ref }: PersonRowProps) {
  const person = readFragment(PersonRow_ActorFragment, ref);
  const self = useViewer()?.id === person.id;
  return (
    <Row
      stacks
      actions={
        <>
          <RoleSelect person={person} self={self} />
          <PersonMenu person={person} self={self} />
        </>
      }
    >
      <Group gap="4px 10px">
        <Text fw={600} size="sm">
          {person.name}
        </Text>
        {self && <Text size="xs">you</Text>}
        {person.kind === "INTEGRATION" && (
          <Badge variant="default" tt="none" radius="sm">
            Program
          </Badge>
        )}
        {person.deactivatedAt !== null && (
          <Badge color="gray" variant="light" tt="none" radius="sm">
            Deactivated
          </Badge>
        )}
      </Group>
      <Group gap="2px 12px" c="dimmed" fz="sm" mt={4}>
        {person.email !== null && (
          <span>
            {person.email}
            {!person.emailConfirmed && " (not confirmed)"}
          </span>
        )}
        <span>
          {person.kind === "INTEGRATION" ? "Made" : "Joined"} <RelativeTime at={person.createdAt} />
        </span>
      </Group>
    </Row>
  );
}

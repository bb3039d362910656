import { ActionIcon, Menu, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { UserIcon } from "../components/icons.tsx";
import { graphql } from "../gql/generated/index.ts";
import { signOut } from "../lib/sign-in.ts";

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      id
      name
      role
    }
  }
`);

/** Opened by the press that loaded it. Who is signed in, the ways to what is not needed every day, and the way out. */
export function ViewerMenu() {
  const [{ data }] = useQuery({ query: ViewerQuery });
  return (
    <Menu position="bottom-end" withArrow defaultOpened>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Your account">
          <UserIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {data && (
          <Menu.Label>
            <Text size="sm" fw={600} c="var(--mantine-color-text)">
              {data.viewer.name}
            </Text>
            <Text size="xs">{data.viewer.role.toLowerCase()}</Text>
          </Menu.Label>
        )}
        <Menu.Item renderRoot={(rootProps) => <Link to="/pipelines" {...rootProps} />}>Pipelines</Menu.Item>
        <Menu.Item renderRoot={(rootProps) => <Link to="/settings/profile" {...rootProps} />}>Settings</Menu.Item>
        <Menu.Item renderRoot={(rootProps) => <Link to="/records" {...rootProps} />}>Records</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

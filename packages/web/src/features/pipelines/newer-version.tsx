import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

interface NewerVersionProps {
  readonly name: string;
  /** The version that is changed here. */
  readonly basedOn: number;
  /** The newest. */
  readonly version: number;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

/** Somebody else has applied a version while this one was changed: nothing is replaced until it is decided here. */
export function NewerVersion({ name, basedOn, version, onTake, onKeep }: NewerVersionProps) {
  return (
    <Alert color="amber" role="alert" title={`Version ${version} is there now`}>
      <Text size="sm">
        Somebody has applied it while you were changing version {basedOn}. What you wrote is still here, and is not
        applied over it unless you say so.{" "}
        <Anchor
          inherit
          renderRoot={(root) => <Link to="/pipelines/$name" params={{ name }} target="_blank" {...root} />}
        >
          Look at version {version} in a new window
        </Anchor>
        .
      </Text>
      <Group mt="sm" gap="xs">
        <Button size="xs" variant="default" onClick={onTake}>
          Take version {version}, drop mine
        </Button>
        <Button size="xs" variant="default" onClick={onKeep}>
          Keep mine, to apply over it
        </Button>
      </Group>
    </Alert>
  );
}

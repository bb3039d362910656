import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

interface LeaveDialogProps {
  /** Something is written that was not applied. */
  readonly dirty: boolean;
  readonly onDiscard: () => void;
}

/** Asks before somebody leaves with changes that are not applied. A reload keeps them; a closed window does not. */
export function LeaveDialog({ dirty, onDiscard }: LeaveDialogProps) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  const { proceed, reset } = blocker;
  return (
    <Modal opened onClose={reset} title="Your changes are not applied" centered>
      <Stack>
        <Text size="sm">
          They stay in this window, and are here when you come back to this page. They are gone once the window is
          closed.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button
            variant="subtle"
            color="red"
            onClick={() => {
              onDiscard();
              proceed();
            }}
          >
            Discard them
          </Button>
          <Button variant="default" onClick={proceed}>
            Leave
          </Button>
          <Button onClick={reset} data-autofocus>
            Go on editing
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

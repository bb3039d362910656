import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";

const KEYS = [
  [["←", "→", "↑", "↓"], "To another candidate"],
  [["Home", "End"], "To the first, to the last that is read"],
  [["Enter"], "Open it large"],
  [["Space"], "Select it, or not any more"],
  [["Shift", "Space"], "Select all up to it"],
  [["Esc"], "Select nothing"],
  [["C"], "Compare the selected"],
  [["Z", "+", "−", "0"], "Pictures that are open or compared: into all or whole again, zoom in, zoom out, whole"],
  [["X"], "Reject the selected, or the one with the focus"],
  [["R"], "Restore the selected, or the one with the focus"],
  [["A"], "Approve the step that waits"],
  [["/"], "Search"],
  [["G"], "Back to the run"],
  [["?"], "Show these keys"],
] as const;

/** The gallery's keys. */
export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys of the gallery" centered>
      <Stack gap="xs">
        {KEYS.map(([keys, what]) => (
          <Group key={what} gap="sm" wrap="nowrap">
            <span style={{ minWidth: 130 }}>
              {keys.map((key) => (
                <Kbd key={key} mr={4}>
                  {key}
                </Kbd>
              ))}
            </span>
            <Text size="sm">{what}</Text>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

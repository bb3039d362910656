import { Group, Kbd, Modal, Table, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { KEY_HELP } from "./keys.ts";

interface KeysHelpProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function KeysHelp({ opened, onClose }: KeysHelpProps) {
  useHotkeys(
    opened
      ? [
          ["shift+?", onClose],
          ["?", onClose],
        ]
      : [],
  );
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" centered>
      <Table>
        <Table.Tbody>
          {KEY_HELP.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td w={110}>
                <Group gap={4}>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Judge what you see: ratings are hidden here on purpose, and sides are swapped at random.
      </Text>
    </Modal>
  );
}

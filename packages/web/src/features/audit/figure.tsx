import { Paper, Text } from "@mantine/core";

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** One number that says much. */
export function Figure({ label, value, note }: FigureProps) {
  return (
    <Paper withBorder radius="lg" p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650}>
        {value}
      </Text>
      {note !== undefined && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}

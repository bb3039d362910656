import { Alert, Button, Group, Text } from "@mantine/core";

interface ErrorPanelProps {
  readonly title: string;
  readonly words: string;
  readonly onRetry?: () => void;
  readonly retryLabel?: string;
}

/** What failed, in words, with the way to try again. */
export function ErrorPanel({ title, words, onRetry, retryLabel = "Try again" }: ErrorPanelProps) {
  return (
    <Alert color="red" variant="light" title={title} role="alert">
      <Text size="sm">{words}</Text>
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            {retryLabel}
          </Button>
        </Group>
      )}
    </Alert>
  );
}

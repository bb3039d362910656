import { Alert, Button, Group, Text } from "@mantine/core";
import { useNewVersion } from "../lib/new-version.ts";

/** Offers the new version where Sluice was updated under an open page. Nobody is made to take it in the middle of something. */
export function UpdateNotice() {
  const updated = useNewVersion();
  return (
    <div role="status">
      {updated && (
        <Alert color="water" radius={0} py="xs">
          <Group justify="space-between" gap="xs">
            <Text size="sm">Sluice was updated. Parts of this page may not work until you reload it.</Text>
            <Button size="xs" onClick={() => window.location.reload()}>
              Reload
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}

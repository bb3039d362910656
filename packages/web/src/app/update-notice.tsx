import { Button, Group, Text } from "@mantine/core";
import { useNewVersion } from "../lib/new-version.ts";
import classes from "./shell.module.css";

/** Offers the new version where Sluice was updated under an open page. Nobody is made to take it in the middle of something. */
export function UpdateNotice() {
  const updated = useNewVersion();
  return (
    <div role="status">
      {updated && (
        <Group className={classes.notice} justify="space-between" gap="xs">
          <Text size="sm">Sluice was updated. Parts of this page may not work until you reload it.</Text>
          <Button size="xs" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </Group>
      )}
    </div>
  );
}

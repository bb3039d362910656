import { Badge, Loader, Tooltip } from "@mantine/core";
import { useConnectionState } from "../lib/connection-state.ts";

/** Says when what is on the screen may be old. While all is well it says nothing. */
export function ConnectionBadge() {
  const state = useConnectionState();
  return (
    <div role="status" aria-live="polite">
      {state === "reconnecting" && (
        <Tooltip label="The live connection was lost. What you see may be old; it catches up by itself.">
          <Badge color="amber" variant="light" leftSection={<Loader size={10} color="amber" />}>
            Reconnecting…
          </Badge>
        </Tooltip>
      )}
    </div>
  );
}

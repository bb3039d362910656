import { Badge, Loader, Tooltip } from "@mantine/core";
import { useConnectionState } from "../lib/connection-state.ts";
import { POLL_MS } from "../lib/live-socket.ts";

/** Says when what is on the screen may be old. While all is well it says nothing. */
export function ConnectionBadge() {
  const state = useConnectionState();
  return (
    <div role="status" aria-live="polite">
      {state === "polling" && (
        <Tooltip
          events={{ hover: true, focus: true, touch: true }}
          label={`A live connection to the server cannot be had, perhaps because of a proxy. What you see is read again every ${POLL_MS / 1_000} seconds, until it can.`}
        >
          <Badge color="amber" variant="light" tabIndex={0}>
            Not live
          </Badge>
        </Tooltip>
      )}
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

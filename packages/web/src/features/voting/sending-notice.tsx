import { Alert } from "@mantine/core";
import { counted } from "../../lib/words.ts";
import type { OutboxState } from "./outbox.ts";

/** Votes that cannot be sent just now. While they can, they take a few milliseconds, and nothing is said of it. */
export function SendingNotice({ sending: { waiting, reachable } }: { readonly sending: OutboxState }) {
  if (reachable || waiting === 0) return null;
  return (
    <Alert color="amber" variant="light" role="status" p="sm">
      The server cannot be reached. {counted(waiting, "vote waits", "votes wait")} here and{" "}
      {waiting === 1 ? "is" : "are"} sent as soon as it can.
    </Alert>
  );
}

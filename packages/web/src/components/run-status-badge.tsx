import { Badge } from "@mantine/core";
import type { RunStatus } from "../gql/generated/graphql.ts";

const LOOKS = {
  RUNNING: { words: "Running", color: "water" },
  WAITING_FOR_APPROVAL: { words: "Waiting for approval", color: "amber" },
  COMPLETED: { words: "Completed", color: "teal" },
  REJECTED: { words: "Rejected", color: "red" },
  FAILED: { words: "Failed", color: "red" },
  ABORTED: { words: "Aborted", color: "gray" },
} as const satisfies Record<RunStatus, { words: string; color: string }>;

export function RunStatusBadge({ status }: { readonly status: RunStatus }) {
  const { words, color } = LOOKS[status];
  return (
    <Badge color={color} variant="light" tt="none" size="lg" radius="sm" style={{ flexShrink: 0 }}>
      {words}
    </Badge>
  );
}

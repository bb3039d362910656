import { Alert, Button, Group } from "@mantine/core";
import { counted } from "../../lib/words.ts";
import type { Move } from "./moves.ts";

interface RankingChangedProps {
  /** A newer order is held back while somebody points into the list. */
  readonly waits: boolean;
  /** How many advance now that were not seen there. */
  readonly unseen: number;
  readonly onShow: () => void;
}

/** That the ranking is not the one the dialog was opened with, and whether it has to be looked at first. */
export function RankingChanged({ waits, unseen, onShow }: RankingChangedProps) {
  if (waits || unseen > 0) {
    return (
      <Alert color="amber" variant="light" role="status" p="xs" px="sm">
        <Group justify="space-between" gap="xs">
          {waits
            ? "The ranking has changed. It is shown once you leave the list."
            : `The ranking has changed: ${counted(unseen, "candidate advances", "candidates advance")} now that did not before. Look before you approve.`}
          <Button size="compact-sm" variant="default" onClick={onShow}>
            {waits ? "Show it now" : "Show what changed"}
          </Button>
        </Group>
      </Alert>
    );
  }
  return null;
}

const UP = "▲";
const DOWN = "▼";

/** Beside a candidate's place: where it has gone since the dialog was opened. */
export function moveWords(move: Move): { readonly mark: string; readonly words: string } {
  if (move === "new") return { mark: "new", words: "new since you opened this" };
  const up = move > 0;
  return {
    mark: `${up ? UP : DOWN}${Math.abs(move)}`,
    words: `${up ? "up" : "down"} ${Math.abs(move)} since you opened this`,
  };
}

import { Button, Kbd } from "@mantine/core";
import type { MouseEvent } from "react";
import type { VoteOutcome } from "../../gql/generated/graphql.ts";
import classes from "./voting.module.css";

interface VoteButtonsProps {
  readonly allowed: (outcome: VoteOutcome) => boolean;
  readonly onVote: (outcome: VoteOutcome) => void;
}

const CHOICES: readonly { outcome: VoteOutcome; words: string; hint: string; strong?: boolean }[] = [
  { outcome: "LEFT", words: "Left is better", hint: "←", strong: true },
  { outcome: "TIE", words: "Tie", hint: "T" },
  { outcome: "BOTH_BAD", words: "Both bad", hint: "B" },
  { outcome: "SKIP", words: "Skip", hint: "Space" },
  { outcome: "RIGHT", words: "Right is better", hint: "→", strong: true },
];

/** A click must not leave the focus on the button: the next Space would press it again instead of skipping. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/** The same choices as the keys, for mouse and touch, each with its key. */
export function VoteButtons({ allowed, onVote }: VoteButtonsProps) {
  return (
    <div className={classes.buttons}>
      {CHOICES.map(({ outcome, words, hint, strong }) => (
        <Button
          key={outcome}
          className={classes[outcome.toLowerCase()] ?? ""}
          variant={strong ? "filled" : "default"}
          disabled={!allowed(outcome)}
          onMouseDown={keepFocus}
          onClick={() => onVote(outcome)}
          aria-label={words}
          rightSection={
            <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
              {hint}
            </Kbd>
          }
        >
          {words}
        </Button>
      ))}
    </div>
  );
}

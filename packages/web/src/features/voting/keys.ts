import type { VoteOutcome } from "../../gql/generated/graphql.ts";

export type VotingCommand = VoteOutcome | "UNDO" | "HELP";

export interface KeyPress {
  readonly key: string;
  /** Held down: the browser repeats the key by itself. */
  readonly repeat: boolean;
  /** Any of Ctrl, Alt or Meta: those belong to the browser and the system. */
  readonly modified: boolean;
  readonly target: "typing" | "pressable" | "page";
}

const COMMANDS: Readonly<Record<string, VotingCommand>> = {
  arrowleft: "LEFT",
  "1": "LEFT",
  arrowright: "RIGHT",
  "2": "RIGHT",
  arrowdown: "TIE",
  t: "TIE",
  b: "BOTH_BAD",
  " ": "SKIP",
  u: "UNDO",
  "?": "HELP",
};

/** What a key means on the voting page; undefined when it means nothing or belongs to something else. */
export function commandFor(press: KeyPress): VotingCommand | undefined {
  if (press.repeat || press.modified || press.target === "typing") return undefined;
  // Space on a focused button presses that button, as it does everywhere.
  if (press.target === "pressable" && press.key === " ") return undefined;
  return COMMANDS[press.key.toLowerCase()];
}

export interface KeyRow {
  readonly keys: readonly string[];
  readonly does: string;
}

/** The same keys for the help page. */
export const KEY_HELP: readonly KeyRow[] = [
  { keys: ["←", "1"], does: "The left one is better" },
  { keys: ["→", "2"], does: "The right one is better" },
  { keys: ["↓", "T"], does: "Tie: both are equally good" },
  { keys: ["B"], does: "Both are bad: changes no rating" },
  { keys: ["Space"], does: "Skip this pair: changes no rating" },
  { keys: ["U"], does: "Undo your last vote" },
  { keys: ["?"], does: "Show or hide this help" },
];

import type { VoteOutcome } from "../../gql/generated/graphql.ts";

export type PanCommand = "PAN_LEFT" | "PAN_RIGHT" | "PAN_UP" | "PAN_DOWN";
export type VotingCommand =
  | VoteOutcome
  | PanCommand
  | "UNDO"
  | "HELP"
  | "ZOOM"
  | "ZOOM_IN"
  | "ZOOM_OUT"
  | "WHOLE"
  | "FLIP"
  | "DIFFERENCES"
  | "SCROLL_DOWN"
  | "SCROLL_UP";

export interface KeyPress {
  readonly key: string;
  /** Held down: the browser repeats the key by itself. */
  readonly repeat: boolean;
  readonly shift: boolean;
  /** Ctrl, or Meta on a Mac. */
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly target: "typing" | "pressable" | "page";
}

const COMMANDS = new Map<string, VotingCommand>(
  Object.entries({
    arrowleft: "LEFT",
    "1": "LEFT",
    arrowright: "RIGHT",
    "2": "RIGHT",
    arrowdown: "TIE",
    t: "TIE",
    b: "BOTH_BAD",
    " ": "SKIP",
    u: "UNDO",
    z: "ZOOM",
    "+": "ZOOM_IN",
    "=": "ZOOM_IN",
    "-": "ZOOM_OUT",
    "0": "WHOLE",
    escape: "WHOLE",
    f: "FLIP",
    d: "DIFFERENCES",
    pagedown: "SCROLL_DOWN",
    pageup: "SCROLL_UP",
    "?": "HELP",
  } as const),
);

const PANS = new Map<string, PanCommand>(
  Object.entries({
    arrowleft: "PAN_LEFT",
    arrowright: "PAN_RIGHT",
    arrowup: "PAN_UP",
    arrowdown: "PAN_DOWN",
  } as const),
);

/** What may be held down: it moves what is looked at, and judges nothing. */
const REPEATABLE: ReadonlySet<VotingCommand> = new Set([
  ...PANS.values(),
  "ZOOM_IN",
  "ZOOM_OUT",
  "SCROLL_DOWN",
  "SCROLL_UP",
]);

/** What a key means on the voting page; undefined when it means nothing or belongs to something else. */
export function commandFor(press: KeyPress): VotingCommand | undefined {
  if (press.target === "typing" || press.alt) return undefined;
  const key = press.key.toLowerCase();
  if (press.ctrl) return key === "z" && !press.shift && !press.repeat ? "UNDO" : undefined;
  // Space on a focused button presses that button, as it does everywhere.
  if (press.target === "pressable" && key === " ") return undefined;
  const command = (press.shift ? PANS.get(key) : undefined) ?? COMMANDS.get(key);
  if (command === undefined || (press.repeat && !REPEATABLE.has(command))) return undefined;
  return command;
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
  { keys: ["U", "Ctrl Z"], does: "Undo your last vote" },
  { keys: ["Z"], does: "Pictures: zoom into both, or see them whole again" },
  { keys: ["+", "−", "0"], does: "Pictures: zoom in, zoom out, whole. Shift and an arrow moves both" },
  { keys: ["F"], does: "Pictures: one at a time in the same place; F again shows the other" },
  { keys: ["D"], does: "Texts: mark what differs" },
  { keys: ["Page ↓", "Page ↑"], does: "Texts: scroll both" },
  { keys: ["Esc"], does: "Back to both, whole and side by side" },
  { keys: ["?"], does: "Show or hide this help" },
];

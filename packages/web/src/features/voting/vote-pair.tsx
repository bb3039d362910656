import { type UIEvent, useRef } from "react";
import { BothMadeFrom, MadeFrom } from "./made-from.tsx";
import { mayVote, type Session, type Shown, type Side } from "./session.ts";
import { readVoteCandidate } from "./vote-candidate.ts";
import type { VotingPair } from "./vote-requests.ts";
import { VoteSide } from "./vote-side.tsx";
import classes from "./voting.module.css";

interface VotePairProps {
  readonly shown: Shown<VotingPair>;
  /** Loaded behind the one on the screen. */
  readonly prepared: boolean;
  readonly close: boolean;
  readonly differences: boolean;
  readonly session: Session<VotingPair>;
  readonly onMedia: (turn: number, side: Side, state: "ready" | "failed") => void;
}

/**
 * A pair, on the screen or prepared out of sight: then it is laid out, loaded and decoded already, and a vote merely
 * makes it visible.
 */
export function VotePair({ shown, prepared, close, differences, session, onMedia }: VotePairProps) {
  const { pair, turn } = shown;
  const [left, right] = [readVoteCandidate(pair.left), readVoteCandidate(pair.right)];
  const onScroll = useSyncedScroll();
  const texts =
    differences && left.text !== null && right.text !== null ? { before: left.text, after: right.text } : undefined;
  const oneParent = left.parent && left.parent.id === right.parent?.id ? left.parent : undefined;
  const context = (parent: typeof left.parent, name: string) =>
    parent && !oneParent ? <MadeFrom parent={parent} whose={name} /> : null;
  return (
    <div
      className={classes.layer}
      {...(prepared
        ? { "data-prepared": "", inert: true, "aria-hidden": true }
        : { "aria-busy": !mayVote(session, "LEFT") })}
      onScrollCapture={onScroll}
    >
      {oneParent && <BothMadeFrom parent={oneParent} />}
      <div className={classes.pair}>
        <VoteSide
          name="Left"
          candidate={left}
          state={shown.left}
          close={close}
          differences={texts}
          context={context(left.parent, "left")}
          onMedia={(state) => onMedia(turn, "left", state)}
        />
        <VoteSide
          name="Right"
          candidate={right}
          state={shown.right}
          close={close}
          differences={texts}
          context={context(right.parent, "right")}
          onMedia={(state) => onMedia(turn, "right", state)}
        />
      </div>
    </div>
  );
}

/** Two texts of different length reach their ends together. */
function useSyncedScroll() {
  const leader = useRef<{ element: Element; until: number }>(undefined);
  return ({ target, currentTarget }: UIEvent<HTMLElement>) => {
    if (!(target instanceof HTMLElement) || !target.hasAttribute("data-scrolls")) return;
    const now = performance.now();
    // What moves because the other was moved must not move that one back, by rounding, a little at a time.
    if (leader.current && leader.current.element !== target && now < leader.current.until) return;
    leader.current = { element: target, until: now + 120 };
    const room = target.scrollHeight - target.clientHeight;
    for (const other of currentTarget.querySelectorAll<HTMLElement>("[data-scrolls]")) {
      if (other === target || room <= 0) continue;
      other.scrollTop = (target.scrollTop / room) * (other.scrollHeight - other.clientHeight);
    }
  };
}

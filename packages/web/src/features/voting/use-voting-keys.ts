import { useEffect, useEffectEvent } from "react";
import { commandFor, type KeyPress, type VotingCommand } from "./keys.ts";

function targetOf(event: KeyboardEvent): KeyPress["target"] {
  if (!(event.target instanceof Element)) return "page";
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return "typing";
  return event.target.closest("button, a[href], input, [role=dialog]") ? "pressable" : "page";
}

/**
 * Listens to the whole page while `enabled`. A key that was understood does nothing else, such as scrolling; one that
 * means nothing just now (`onCommand` answers false) keeps its own meaning.
 */
export function useVotingKeys(enabled: boolean, onCommand: (command: VotingCommand) => boolean): void {
  const run = useEffectEvent(onCommand);
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const command = commandFor({
        key: event.key,
        repeat: event.repeat,
        shift: event.shiftKey,
        ctrl: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        target: targetOf(event),
      });
      if (command !== undefined && run(command)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [enabled]);
}

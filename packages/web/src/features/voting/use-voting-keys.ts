import { useEffect, useEffectEvent } from "react";
import { commandFor, type KeyPress, type VotingCommand } from "./keys.ts";

function targetOf(event: KeyboardEvent): KeyPress["target"] {
  if (!(event.target instanceof Element)) return "page";
  if (event.target.closest("input, textarea, select, [contenteditable]")) return "typing";
  return event.target.closest("button, a[href]") ? "pressable" : "page";
}

/** Listens to the whole page while `enabled`; a key that was understood does nothing else, such as scrolling. */
export function useVotingKeys(enabled: boolean, onCommand: (command: VotingCommand) => void): void {
  const run = useEffectEvent(onCommand);
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const command = commandFor({
        key: event.key,
        repeat: event.repeat,
        modified: event.ctrlKey || event.altKey || event.metaKey,
        target: targetOf(event),
      });
      if (command === undefined) return;
      event.preventDefault();
      run(command);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [enabled]);
}

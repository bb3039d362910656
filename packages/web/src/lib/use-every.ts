import { useEffect, useEffectEvent } from "react";

/**
 * Calls `reload` every `ms` milliseconds, and never while nobody looks at the page. For what no subscription tells of.
 */
export function useEvery(ms: number, reload: () => void, enabled = true): void {
  const onTick = useEffectEvent(() => {
    if (document.visibilityState === "visible") reload();
  });
  useEffect(() => {
    if (!enabled) return;
    const timer = setInterval(() => onTick(), ms);
    return () => clearInterval(timer);
  }, [ms, enabled]);
}

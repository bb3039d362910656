import { useEffect, useEffectEvent } from "react";

/**
 * Calls `reload` when somebody comes back to the window. For lists that no subscription tells of: who was sent an
 * invitation elsewhere has joined meanwhile, a key was used.
 */
export function useOnReturn(reload: () => void): void {
  const run = useEffectEvent(reload);
  useEffect(() => {
    const onFocus = () => run();
    window.addEventListener("focus", onFocus);
    return () => window.removeEventListener("focus", onFocus);
  }, []);
}

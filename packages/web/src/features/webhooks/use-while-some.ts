import { useEffect, useEffectEvent, useRef } from "react";

const SOON_MS = 1_000;
const LATER_MS = 10_000;

/**
 * Calls `reload` again and again while something is on its way, since no subscription tells of messages: every second
 * for the first ten, then every ten seconds, and once more when it has come; never while nobody looks at the page.
 */
export function useWhileSome(some: boolean, reload: () => void): void {
  const run = useEffectEvent(() => {
    if (document.visibilityState === "visible") reload();
  });
  const waited = useRef(false);
  useEffect(() => {
    if (!some) {
      // The answer that ended the waiting may have read the rest of what is shown before it ended.
      if (waited.current) run();
      waited.current = false;
      return;
    }
    waited.current = true;
    let timer: ReturnType<typeof setTimeout>;
    let times = 0;
    const again = () => {
      timer = setTimeout(
        () => {
          times += 1;
          run();
          again();
        },
        times < 10 ? SOON_MS : LATER_MS,
      );
    };
    again();
    return () => clearTimeout(timer);
  }, [some]);
}

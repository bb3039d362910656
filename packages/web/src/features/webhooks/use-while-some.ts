import { useEffect, useEffectEvent } from "react";

const SOON_MS = 1_000;
const LATER_MS = 10_000;

/**
 * Calls `reload` again and again while something is on its way, since no subscription tells of messages: every second
 * for the first ten, then every ten seconds, and never while nobody looks at the page.
 */
export function useWhileSome(some: boolean, reload: () => void): void {
  const run = useEffectEvent(() => {
    if (document.visibilityState === "visible") reload();
  });
  useEffect(() => {
    if (!some) return;
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

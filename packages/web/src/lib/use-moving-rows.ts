import { useReducedMotion } from "@mantine/hooks";
import { useLayoutEffect, useRef } from "react";

const DURATION_MS = 260;

/**
 * Lets the children of a list that carry `data-key` glide to their new place when `order` changes: each is measured,
 * put back where it was with a transform, and released. Nothing moves for people who asked for reduced motion.
 */
export function useMovingRows<T extends HTMLElement = HTMLOListElement>(order: string) {
  const list = useRef<T>(null);
  const tops = useRef(new Map<string, number>());
  const reduced = useReducedMotion();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `order` is what makes rows move; it is not read here.
  useLayoutEffect(() => {
    const before = tops.current;
    const after = new Map<string, number>();
    for (const row of list.current?.querySelectorAll<HTMLElement>(":scope > [data-key]") ?? []) {
      const key = row.dataset.key ?? "";
      after.set(key, row.offsetTop);
      const from = before.get(key);
      if (reduced || from === undefined || from === row.offsetTop) continue;
      row.animate([{ transform: `translateY(${from - row.offsetTop}px)` }, { transform: "none" }], {
        duration: DURATION_MS,
        easing: "ease-out",
      });
    }
    tops.current = after;
  }, [order, reduced]);

  return list;
}

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { enteredOf, movesOf, sameOrder } from "./moves.ts";

/** Long enough to notice, short enough to wait for. */
const SEEN_MS = 700;
/** The decision bar lies over the end of the list. */
const BAR = "0px 0px -120px 0px";

interface Ranking {
  readonly ranked: readonly { readonly candidate: { readonly id: string } }[];
}

const orderOf = ({ ranked }: Ranking) => ranked.map(({ candidate }) => candidate.id);

/**
 * A ranking for somebody who is about to press something in it: while the pointer or the focus is in the list, no row
 * takes another's place. What has changed is shown as soon as they leave it, or ask for it.
 */
export function useStillRanking<R extends Ranking>(latest: R | undefined) {
  const [shown, setShown] = useState(latest);
  const [within, setWithin] = useState({ pointer: false, focus: false });
  const still = within.pointer || within.focus;
  const waits = still && latest !== undefined && shown !== undefined && !sameOrder(orderOf(latest), orderOf(shown));
  if (latest !== shown && !waits) setShown(latest);
  return {
    shown: waits ? shown : latest,
    /** A newer order is there and not shown. */
    waits,
    showNow: () => setShown(latest),
    listProps: {
      onPointerEnter: () => setWithin((last) => ({ ...last, pointer: true })),
      onPointerLeave: () => setWithin((last) => ({ ...last, pointer: false })),
      onFocus: () => setWithin((last) => ({ ...last, focus: true })),
      onBlur: () => setWithin((last) => ({ ...last, focus: false })),
    },
  };
}

/**
 * What has moved since the dialog was opened, and which candidates now advance that somebody has not seen there: a row
 * is seen once it was on the screen for a moment.
 */
export function useSeenRanking(order: readonly string[], topK: number) {
  const list = useRef<HTMLOListElement>(null);
  const [opened] = useState(order);
  const [seen, setSeen] = useState(order);
  const unseen = enteredOf(seen, order, topK);
  // What changed nothing about who advances needs no second look.
  if (unseen.length === 0 && !sameOrder(seen, order)) setSeen(order);

  const onSeen = useEffectEvent(() => setSeen(order));
  const awaited = unseen.join(" ");
  useEffect(() => {
    if (awaited === "" || !list.current) return;
    const left = new Set(awaited.split(" "));
    const timers = new Map<Element, ReturnType<typeof setTimeout>>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          clearTimeout(timers.get(target));
          if (!isIntersecting) continue;
          const look = () => {
            left.delete((target as HTMLElement).dataset.key ?? "");
            if (left.size === 0) onSeen();
          };
          timers.set(target, setTimeout(look, SEEN_MS));
        }
      },
      { threshold: 0.5, rootMargin: BAR },
    );
    for (const row of list.current.querySelectorAll<HTMLElement>(":scope > [data-key]")) {
      if (left.has(row.dataset.key ?? "")) observer.observe(row);
    }
    return () => {
      observer.disconnect();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [awaited]);

  return {
    list,
    moves: movesOf(opened, order),
    /** Who would advance unseen: until it is empty, nothing is approved. */
    unseen,
    showUnseen: () => {
      const row = list.current?.querySelector(`:scope > [data-key="${CSS.escape(unseen[0] ?? "")}"]`);
      row?.scrollIntoView({ block: "center" });
    },
  };
}

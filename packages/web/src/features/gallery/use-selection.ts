import { useMemo, useState } from "react";
import { type Selection, toggled, withRange } from "./selection.ts";
import type { GalleryCandidate } from "./use-gallery-list.ts";

/** What is selected in the gallery, and the tile that the keyboard is at. */
export function useSelection(items: readonly GalleryCandidate[]) {
  const [ids, setIds] = useState<Selection>([]);
  const [active, setActive] = useState(0);
  // Where a range begins: at what was selected last.
  const [anchor, setAnchor] = useState(0);
  const places = useMemo(() => new Map(items.map((item, index) => [item.id, index])), [items]);
  const candidates = useMemo(() => ids.flatMap((id) => items[places.get(id) ?? -1] ?? []), [ids, items, places]);
  const last = Math.max(0, items.length - 1);
  return {
    /** In the order in which they were selected. */
    ids,
    /** Those of them that the gallery shows. */
    candidates,
    active: Math.min(active, last),
    setActive,
    placeOf: (id: string | undefined) => (id === undefined ? undefined : places.get(id)),
    toggle(index: number) {
      const id = items[index]?.id;
      if (id === undefined) return;
      setAnchor(index);
      setActive(index);
      setIds(toggled(ids, id));
    },
    /** Everything from what was selected last to here. */
    reach(index: number) {
      setActive(index);
      const all = items.map(({ id }) => id);
      setIds(withRange(ids, all, Math.min(anchor, last), index));
    },
    drop: (gone: readonly string[]) => setIds(ids.filter((id) => !gone.includes(id))),
    clear: () => setIds([]),
  };
}

import { Skeleton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from "@tanstack/react-virtual";
import type { Ref } from "react";
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import classes from "./gallery.module.css";
import type { GallerySize } from "./gallery-search.ts";
import { GalleryTile } from "./gallery-tile.tsx";
import { moved } from "./grid-keys.ts";
import { CAPTION_PX, columnsOf, GAP_PX, pictureHeight } from "./grid-layout.ts";
import type { GalleryCandidate } from "./use-gallery-list.ts";

/** The page's header and the gallery's own bar stay on top of what is scrolled to. */
const COVERED_PX = 120;

export interface GridHandle {
  /** Brings a tile onto the screen and puts the focus there. */
  focus(index: number): void;
}

interface GalleryGridProps {
  readonly items: readonly GalleryCandidate[];
  /** How many there will be when all are read. */
  readonly total: number;
  readonly size: GallerySize;
  readonly lastPosition: number;
  readonly withStep: boolean;
  readonly selected: readonly string[];
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onToggle: (index: number) => void;
  /** From the tile that was selected last to this one. */
  readonly onRange: (index: number) => void;
  readonly onEscape: () => void;
  /** The tiles on the screen, both ends included. */
  readonly onVisible: (first: number, last: number) => void;
  readonly handle: Ref<GridHandle>;
}

/** The tiles, of which only those near the screen exist. */
export function GalleryGrid(props: GalleryGridProps) {
  const { items, total, size, lastPosition, withStep, selected, active, handle } = props;
  const { onActive, onOpen, onToggle, onRange, onEscape, onVisible } = props;
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const grid = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const columns = columnsOf(width, size);
  const rowHeight = pictureHeight(width, columns) + CAPTION_PX + GAP_PX;
  const rows = width === 0 ? 0 : Math.ceil(total / columns);
  const activeRow = Math.floor(active / columns);

  const virtual = useWindowVirtualizer({
    count: rows,
    estimateSize: () => rowHeight,
    overscan: 2,
    scrollMargin: top,
    scrollPaddingStart: COVERED_PX,
    scrollPaddingEnd: GAP_PX * 6,
    // The row with the focus stays, wherever one scrolls: without it the keyboard would have lost its place.
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        return activeRow >= range.count || shown.includes(activeRow)
          ? shown
          : [...shown, activeRow].toSorted((one, other) => one - other);
      },
      [activeRow],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the rows is another place for each.
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  // What stands above may wrap and grow.
  useEffect(() => {
    const place = () => {
      const box = grid.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const from = (virtual.range?.startIndex ?? 0) * columns;
  const to = Math.min(((virtual.range?.endIndex ?? 0) + 1) * columns, total) - 1;
  const tellVisible = useEffectEvent(onVisible);
  useEffect(() => tellVisible(from, Math.max(from, to)), [from, to]);

  const focus = (index: number) => {
    onActive(index);
    virtual.scrollToIndex(Math.floor(index / columns), { align: "auto" });
    // Its row may only come with the next drawing.
    const put = (tries: number) => {
      const tile = grid.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      if (tile) tile.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => put(tries - 1));
    };
    requestAnimationFrame(() => put(10));
  };
  useImperativeHandle(handle, () => ({ focus }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") onOpen(active);
    else if (event.key === " " && event.shiftKey) onRange(active);
    else if (event.key === " ") onToggle(active);
    else if (event.key === "Escape") onEscape();
    else {
      const rowsPerPage = Math.max(1, Math.floor((window.innerHeight - COVERED_PX) / rowHeight));
      // What is not read yet cannot have the focus.
      const to = moved(event.key, active, columns, items.length, rowsPerPage);
      if (to === undefined) return;
      focus(to);
    }
    event.preventDefault();
  };

  const click = useEffectEvent((index: number, how: { readonly range: boolean; readonly toggle: boolean }) => {
    if (how.range) onRange(index);
    else if (how.toggle) onToggle(index);
    else onOpen(index);
  });
  const select = useEffectEvent((index: number, range: boolean) => (range ? onRange(index) : onToggle(index)));
  const activate = useEffectEvent(onActive);
  const [handlers] = useState(() => ({
    onClick: (...args: Parameters<typeof click>) => click(...args),
    onSelect: (...args: Parameters<typeof select>) => select(...args),
    onFocus: (index: number) => activate(index),
  }));

  return (
    <div ref={sized}>
      {/* biome-ignore lint/a11y/useSemanticElements: see the tiles. */}
      <div
        ref={grid}
        role="grid"
        aria-label="Candidates"
        aria-rowcount={rows}
        aria-colcount={columns}
        aria-multiselectable="true"
        className={classes.grid}
        data-size={size}
        style={{ height: Math.max(0, virtual.getTotalSize() - GAP_PX) }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map((row) => (
          // biome-ignore lint/a11y/useSemanticElements: see the tiles.
          // biome-ignore lint/a11y/useFocusableInteractive: the tiles take the focus.
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className={classes.row}
            style={{
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              height: rowHeight - GAP_PX,
              transform: `translateY(${row.start - top}px)`,
            }}
          >
            {cellsOf(row.index, columns, total).map((index) => {
              const candidate = items[index];
              if (!candidate) {
                return (
                  // biome-ignore lint/a11y/useSemanticElements: see the tiles.
                  // biome-ignore lint/a11y/useFocusableInteractive: nothing is there yet.
                  <div key={index} role="gridcell" aria-busy="true" aria-label="Loading">
                    <Skeleton height="100%" radius="md" />
                  </div>
                );
              }
              return (
                <GalleryTile
                  key={candidate.id}
                  candidate={candidate}
                  index={index}
                  lastStep={candidate.step.position === lastPosition}
                  withStep={withStep}
                  selected={selected.includes(candidate.id)}
                  active={index === active}
                  {...handlers}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function cellsOf(row: number, columns: number, total: number): number[] {
  const first = row * columns;
  return Array.from({ length: Math.max(0, Math.min(columns, total - first)) }, (_, nth) => first + nth);
}

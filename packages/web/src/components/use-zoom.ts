import { type CSSProperties, type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { isZoomed, movedBy, type Point, type View, WHOLE, zoomedAt } from "../lib/zoom.ts";

const STEP = 1.5;
const FIRST = 2.5;
const MIDDLE: Point = { x: 0, y: 0 };
/** A turn of a mouse wheel is 100 to 120 pixels: a quarter nearer. */
const PER_PIXEL = 0.002;

interface Fingers {
  readonly points: Map<number, Point>;
  /** The frame that the first finger or the mouse went down on. */
  frame: DOMRect | undefined;
}

/**
 * One view for all pictures in `area`: by wheel, drag, pinch and double click on any of them (elements with
 * `data-frame`), and by what it returns. `area` gets `shown`, and its class from `zoom.module.css`.
 */
export function useZoom(area: RefObject<HTMLElement | null>, enabled: boolean) {
  const [view, setView] = useState<View>(WHOLE);
  const fingers = useRef<Fingers>({ points: new Map(), frame: undefined });
  const zoomed = isZoomed(view);

  const onWheel = useEffectEvent((event: WheelEvent) => {
    const frame = frameOf(event.target);
    // A pinch on a trackpad comes as a wheel with Ctrl. Without it the page scrolls, until one has zoomed in.
    if (!frame || !(zoomed || event.ctrlKey)) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1) * (event.ctrlKey ? 4 : 1);
    setView((last) => zoomedAt(last, Math.exp(-pixels * PER_PIXEL), pointIn(frame, event)));
  });
  const onDoubleClick = useEffectEvent((event: MouseEvent) => {
    const frame = frameOf(event.target);
    if (frame) setView((last) => (isZoomed(last) ? WHOLE : zoomedAt(WHOLE, FIRST, pointIn(frame, event))));
  });
  const onDown = useEffectEvent((event: PointerEvent) => {
    const frame = frameOf(event.target);
    if (!frame || (event.pointerType === "mouse" && event.button !== 0)) return;
    const { points } = fingers.current;
    if (points.size === 0) fingers.current.frame = frame;
    points.set(event.pointerId, pointIn(fingers.current.frame ?? frame, event));
    if (event.pointerType === "mouse" && zoomed) event.preventDefault();
  });
  const onMove = useEffectEvent((event: PointerEvent) => {
    const { points, frame } = fingers.current;
    const from = points.get(event.pointerId);
    if (!from || !frame) return;
    const to = pointIn(frame, event);
    const other = [...points].find(([id]) => id !== event.pointerId)?.[1];
    points.set(event.pointerId, to);
    setView((last) => {
      if (!other) return movedBy(last, { x: to.x - from.x, y: to.y - from.y });
      const grown = apart(to, other, frame) / Math.max(1, apart(from, other, frame));
      const moved = movedBy(last, { x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 });
      return zoomedAt(moved, grown, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
    });
  });
  const onUp = useEffectEvent((event: PointerEvent) => void fingers.current.points.delete(event.pointerId));

  useEffect(() => {
    const element = area.current;
    if (!enabled || !element) return;
    const stop = new AbortController();
    const { signal } = stop;
    // React's own wheel listeners are passive and cannot keep the page from scrolling.
    element.addEventListener("wheel", (event) => onWheel(event), { passive: false, signal });
    // Two fingers would scroll the page where it can be scrolled, and the pinch would be heard no more.
    const onFingers = (event: TouchEvent) => {
      if (event.touches.length > 1 && frameOf(event.target)) event.preventDefault();
    };
    element.addEventListener("touchstart", onFingers, { passive: false, signal });
    element.addEventListener("touchmove", onFingers, { passive: false, signal });
    element.addEventListener("dblclick", (event) => onDoubleClick(event), { signal });
    element.addEventListener("pointerdown", (event) => onDown(event), { signal });
    window.addEventListener("pointermove", (event) => onMove(event), { signal });
    window.addEventListener("pointerup", (event) => onUp(event), { signal });
    window.addEventListener("pointercancel", (event) => onUp(event), { signal });
    return () => stop.abort();
  }, [area, enabled]);

  return {
    view,
    zoomed,
    shown: {
      style: { "--zoom": view.scale, "--zoom-x": view.x, "--zoom-y": view.y } as CSSProperties,
      "data-zoomed": zoomed || undefined,
    },
    toggle: () => setView((last) => (isZoomed(last) ? WHOLE : zoomedAt(WHOLE, FIRST, MIDDLE))),
    nearer: () => setView((last) => zoomedAt(last, STEP, MIDDLE)),
    farther: () => setView((last) => zoomedAt(last, 1 / STEP, MIDDLE)),
    whole: () => setView(WHOLE),
    /** In shares of the frame's size. */
    move: (by: Point) => setView((last) => movedBy(last, by)),
  };
}

export type Zoom = ReturnType<typeof useZoom>;

function frameOf(target: EventTarget | null): DOMRect | undefined {
  if (!(target instanceof Element) || target.closest("button, a")) return undefined;
  return target.closest("[data-frame]")?.getBoundingClientRect();
}

function pointIn(frame: DOMRect, { clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point {
  return { x: (clientX - frame.left) / frame.width - 0.5, y: (clientY - frame.top) / frame.height - 0.5 };
}

/** In pixels. */
function apart(one: Point, other: Point, { width, height }: DOMRect): number {
  return Math.hypot((one.x - other.x) * width, (one.y - other.y) * height);
}

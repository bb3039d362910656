import { useReducedMotion } from "@mantine/hooks";
import { getNodesBounds, useReactFlow } from "@xyflow/react";
import type { RefObject } from "react";
import { type Layout, NODE } from "./layout.ts";

/** As far away as a tree of thousands is seen as a whole, and as close as a card is sharp. */
export const FARTHEST = 0.01;
export const NEAREST = 1.75;

/** At the start a tree is shown as a whole only where its cards can be told apart then. */
const FIRST_FARTHEST = 0.4;
const READABLE = 0.8;
const EDGE = 40;
const PADDING = { top: "56px", right: "32px", bottom: "32px", left: "32px" } as const;

/** What of the tree is on the screen. Moves glide, unless the person prefers them not to. */
export function useCamera(frame: RefObject<HTMLDivElement | null>, places: Layout["places"]) {
  const flow = useReactFlow();
  const still = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const duration = still ? 0 : 200;
  const size = () => ({ width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 });
  const centre = (id: string, zoom: number, glide: number) => {
    const place = places.get(id);
    if (!place) return;
    void flow.setCenter(place.x + NODE.width / 2, place.y + NODE.height / 2, { zoom, duration: glide });
  };
  return {
    zoomBy: (factor: number) => void flow.zoomTo(flow.getZoom() * factor, { duration }),
    fit: () => void flow.fitView({ padding: PADDING, maxZoom: 1, duration }),

    /** The whole tree if that is readable, or else its beginning: the first column, beside the one that is given. */
    start(id: string | undefined) {
      const { width, height } = size();
      const bounds = getNodesBounds(flow.getNodes());
      const whole = Math.min((width - 64) / bounds.width, (height - 88) / bounds.height);
      const place = places.get(id ?? "");
      if (whole >= FIRST_FARTHEST || !place) {
        void flow.fitView({ padding: PADDING, maxZoom: 1 });
        return;
      }
      const zoom = Math.min(READABLE, Math.max(FIRST_FARTHEST, (width - 64) / bounds.width));
      const fitsAcross = bounds.width * zoom <= width - 64;
      void flow.setViewport({
        x: fitsAcross || place.x === 0 ? 32 : width / 2 - (place.x + NODE.width / 2) * zoom,
        y: height / 2 - (place.y + NODE.height / 2) * zoom,
        zoom,
      });
    },

    /** Brings a candidate on the screen, and near enough to be read, if it is not. */
    reveal(id: string) {
      const place = places.get(id);
      if (!place) return;
      const { x, y, zoom } = flow.getViewport();
      const { width, height } = size();
      const left = place.x * zoom + x;
      const top = place.y * zoom + y;
      const seen =
        left >= EDGE &&
        top >= EDGE + 30 &&
        left + NODE.width * zoom <= width - EDGE &&
        top + NODE.height * zoom <= height - EDGE;
      if (!seen || zoom < FIRST_FARTHEST) centre(id, Math.max(zoom, READABLE), duration);
    },
  };
}

export type Camera = ReturnType<typeof useCamera>;

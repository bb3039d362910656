import type { GallerySize } from "./gallery-search.ts";

export const GAP_PX = 12;
/** Room for four lines below each picture, so that all rows are equally high and none has to be measured. */
export const CAPTION_PX = 84;

/** The least width of a tile, in pixels. */
const LEAST_WIDTH: Record<GallerySize, number> = { s: 104, m: 168, l: 280 };

/** How many tiles stand in a row of this width, in pixels. */
export function columnsOf(width: number, size: GallerySize): number {
  return Math.max(1, Math.floor((width + GAP_PX) / (LEAST_WIDTH[size] + GAP_PX)));
}

/** Pictures are shown whole on a square mat: its side, in pixels. */
export function pictureHeight(width: number, columns: number): number {
  return Math.round((width - GAP_PX * (columns - 1)) / columns);
}

import type { Look } from "./genome.ts";

/**
 * How much of a sample lies inside the picture's frame, 0 to 1. What is outside is bare paper, as a print has it.
 * @param size samples per side
 */
export function prepareFrame(frame: Look["frame"], size: number): (column: number, row: number) => number {
  if (frame.kind === "bleed" || frame.margin === 0) return () => 1;
  const margin = frame.margin * size;
  const low = margin;
  const high = size - margin;
  const centre = size / 2;
  const radius = centre - margin;
  if (frame.kind === "round") {
    return (column, row) => {
      const dx = column + 0.5 - centre;
      const dy = row + 0.5 - centre;
      return cover(radius - Math.sqrt(dx * dx + dy * dy));
    };
  }
  // An arch is narrower than it is tall: a window, not a tombstone.
  const side = frame.kind === "arch" ? margin + size * 0.1 : margin;
  const bow = centre - side;
  return (column, row) => {
    const x = column + 0.5;
    const y = row + 0.5;
    const box = Math.min(x - side, size - side - x, y - low, high - y);
    if (frame.kind === "mat" || y > low + bow) return cover(box);
    const dx = x - centre;
    const dy = y - (low + bow);
    return cover(Math.min(box, bow - Math.sqrt(dx * dx + dy * dy)));
  };
}

function cover(distance: number): number {
  const share = distance + 0.5;
  return share <= 0 ? 0 : Math.min(share, 1);
}

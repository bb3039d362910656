/** How pictures beside each other are looked at: enlarged about their middle, then moved by a share of their frame's size. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** A point of the frame, from its middle, in shares of its size: −0.5 to 0.5. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST = 16;

export function isZoomed({ scale }: View): boolean {
  return scale > 1;
}

/** Nearer or farther by a factor, so that what is under the point stays under it. */
export function zoomedAt({ scale, x, y }: View, factor: number, at: Point): View {
  const next = Math.min(MOST, Math.max(1, scale * factor));
  const grown = next / scale;
  return within({ scale: next, x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown });
}

export function movedBy(view: View, by: Point): View {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y });
}

/** The picture's frame never leaves the frame around it. */
function within({ scale, x, y }: View): View {
  const most = (scale - 1) / 2;
  const bounded = (value: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { scale, x: bounded(x), y: bounded(y) };
}

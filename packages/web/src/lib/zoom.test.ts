import { describe, expect, it } from "vitest";
import { isZoomed, movedBy, WHOLE, zoomedAt } from "./zoom.ts";

const MIDDLE = { x: 0, y: 0 };

describe("zoom", () => {
  it("keeps what is under the pointer under it", () => {
    const at = { x: 0.3, y: -0.2 };
    const once = zoomedAt(WHOLE, 2, at);
    // The point of the picture at `at` before: (at − x) / scale.
    expect([(at.x - once.x) / once.scale, (at.y - once.y) / once.scale]).toEqual([0.3, -0.2]);
    const twice = zoomedAt(once, 3, at);
    expect((at.x - twice.x) / twice.scale).toBeCloseTo(0.3);
  });

  it("goes from the whole picture to sixteen times its size, and no farther", () => {
    expect(zoomedAt(WHOLE, 0.5, MIDDLE)).toEqual(WHOLE);
    expect(zoomedAt(WHOLE, 100, MIDDLE).scale).toBe(16);
    expect(isZoomed(WHOLE)).toBe(false);
    expect(isZoomed(zoomedAt(WHOLE, 1.1, MIDDLE))).toBe(true);
  });

  it("moves no farther than the picture's edge, and not at all while it is whole", () => {
    expect(movedBy(WHOLE, { x: 0.4, y: 0.4 })).toEqual(WHOLE);
    expect(movedBy({ scale: 3, x: 0, y: 0 }, { x: 5, y: -0.25 })).toEqual({ scale: 3, x: 1, y: -0.25 });
    // Farther away again, the edge comes along.
    expect(zoomedAt({ scale: 3, x: 1, y: 0 }, 0.5, MIDDLE)).toEqual({ scale: 1.5, x: 0.25, y: 0 });
  });
});

import { describe, expect, it } from "vitest";
import { moved } from "./grid-keys.ts";

/** Eleven tiles: two full rows of four, and three. */
const from = (key: string, index: number) => moved(key, index, 4, 11, 2);

describe("moved", () => {
  it("goes through the rows and stops at both ends", () => {
    expect(from("ArrowRight", 3)).toBe(4);
    expect(from("ArrowLeft", 0)).toBe(0);
    expect(from("ArrowRight", 10)).toBe(10);
  });

  it("keeps the column, and reaches the end of a row that is not full", () => {
    expect(from("ArrowDown", 1)).toBe(5);
    expect(from("ArrowUp", 5)).toBe(1);
    expect(from("ArrowUp", 1)).toBe(1);
    expect(from("ArrowDown", 7)).toBe(10);
    expect(from("ArrowDown", 8)).toBe(8);
  });

  it("goes by pages and to both ends", () => {
    expect(from("PageDown", 1)).toBe(9);
    expect(from("PageUp", 9)).toBe(1);
    expect(from("End", 0)).toBe(10);
    expect(from("Home", 10)).toBe(0);
  });

  it("leaves other keys, and an empty grid, alone", () => {
    expect(from("x", 3)).toBeUndefined();
    expect(moved("End", 0, 4, 0, 2)).toBeUndefined();
  });
});

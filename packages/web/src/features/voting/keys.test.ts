import { describe, expect, it } from "vitest";
import { commandFor, type KeyPress } from "./keys.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  repeat: false,
  modified: false,
  target: "page",
  ...more,
});

describe("V4: the keys of the voting page", () => {
  it.each([
    ["ArrowLeft", "LEFT"],
    ["1", "LEFT"],
    ["ArrowRight", "RIGHT"],
    ["2", "RIGHT"],
    ["ArrowDown", "TIE"],
    ["t", "TIE"],
    ["T", "TIE"],
    ["b", "BOTH_BAD"],
    [" ", "SKIP"],
    ["u", "UNDO"],
    ["?", "HELP"],
    ["Enter", undefined],
    ["a", undefined],
  ])("%s means %s", (key, command) => {
    expect(commandFor(press(key))).toBe(command);
  });

  it("ignores a key that is held down", () => {
    expect(commandFor(press("ArrowLeft", { repeat: true }))).toBeUndefined();
  });

  it("ignores keys while somebody types", () => {
    expect(commandFor(press("t", { target: "typing" }))).toBeUndefined();
  });

  it("leaves shortcuts of the browser alone", () => {
    expect(commandFor(press("ArrowLeft", { modified: true }))).toBeUndefined();
  });

  it("lets Space press a focused button, but keeps the other keys there", () => {
    expect(commandFor(press(" ", { target: "pressable" }))).toBeUndefined();
    expect(commandFor(press("ArrowLeft", { target: "pressable" }))).toBe("LEFT");
  });
});

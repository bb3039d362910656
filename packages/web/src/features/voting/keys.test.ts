import { describe, expect, it } from "vitest";
import { commandFor, type KeyPress } from "./keys.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  repeat: false,
  shift: false,
  ctrl: false,
  alt: false,
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
    ["z", "ZOOM"],
    ["+", "ZOOM_IN"],
    ["-", "ZOOM_OUT"],
    ["0", "WHOLE"],
    ["Escape", "WHOLE"],
    ["f", "FLIP"],
    ["d", "DIFFERENCES"],
    ["?", "HELP"],
    ["ArrowUp", undefined],
    ["Enter", undefined],
    ["a", undefined],
    ["constructor", undefined],
  ])("%s means %s", (key, command) => {
    expect(commandFor(press(key))).toBe(command);
  });

  it("ignores a key that is held down, but for those that only move what is looked at", () => {
    expect(commandFor(press("ArrowLeft", { repeat: true }))).toBeUndefined();
    expect(commandFor(press("z", { ctrl: true, repeat: true }))).toBeUndefined();
    expect(commandFor(press("+", { repeat: true }))).toBe("ZOOM_IN");
  });

  it("ignores keys while somebody types", () => {
    expect(commandFor(press("t", { target: "typing" }))).toBeUndefined();
    expect(commandFor(press("z", { target: "typing", ctrl: true }))).toBeUndefined();
  });

  it("leaves shortcuts of the browser alone, and takes Ctrl+Z for undo", () => {
    expect(commandFor(press("ArrowLeft", { ctrl: true }))).toBeUndefined();
    expect(commandFor(press("ArrowLeft", { alt: true }))).toBeUndefined();
    expect(commandFor(press("z", { ctrl: true }))).toBe("UNDO");
    expect(commandFor(press("z", { ctrl: true, shift: true }))).toBeUndefined();
  });

  it("Shift and an arrow moves the pictures and judges nothing", () => {
    expect(commandFor(press("ArrowLeft", { shift: true }))).toBe("PAN_LEFT");
    expect(commandFor(press("ArrowDown", { shift: true, repeat: true }))).toBe("PAN_DOWN");
  });

  it("lets Space press a focused button, but keeps the other keys there", () => {
    expect(commandFor(press(" ", { target: "pressable" }))).toBeUndefined();
    expect(commandFor(press("ArrowLeft", { target: "pressable" }))).toBe("LEFT");
  });
});

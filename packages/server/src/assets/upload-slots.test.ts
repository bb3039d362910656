import { expect, it } from "vitest";
import { uploadSlots } from "./upload-slots.ts";

it("holds each person, and all of them, to as many at a time, and gives slots back", () => {
  const slots = uploadSlots({ perPerson: 2, inAll: 3 });
  const first = slots.take(1);
  expect(slots.take(1)).toBeTypeOf("function");
  expect(slots.take(1)).toMatch(/^You are uploading 2 files already.*again when one of them is there\.$/);
  expect(slots.take(2)).toBeTypeOf("function");
  expect(slots.take(3)).toMatch(/^The server is taking 3 files already.*in a moment\.$/);
  (first as () => void)();
  expect(slots.take(1)).toBeTypeOf("function");
});

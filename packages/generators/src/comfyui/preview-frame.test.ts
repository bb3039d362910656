import { expect, it } from "vitest";
import { previewIn } from "./preview-frame.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\nrest", "latin1");
const numbers = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => void bytes.writeUInt32BE(value, index * 4));
  return bytes;
};

it("finds the picture in frames of both kinds", () => {
  expect(previewIn(Buffer.concat([numbers(1, 2), PNG]))).toEqual({ bytes: PNG, mediaType: "image/png" });
  const about = Buffer.from('{"node_id":"3"}');
  expect(previewIn(Buffer.concat([numbers(4, about.length), about, PNG]))!.bytes).toEqual(PNG);
});

it.each([
  ["text", Buffer.concat([numbers(3, 1), Buffer.from("3working")])],
  ["nothing", Buffer.alloc(0)],
  ["a length beyond its end", Buffer.concat([numbers(4, 0xffffffff), PNG])],
  ["what is no picture", Buffer.concat([numbers(1, 1), Buffer.from("<svg/>")])],
])("passes over a frame with %s", (_, frame) => {
  expect(previewIn(frame)).toBeUndefined();
});

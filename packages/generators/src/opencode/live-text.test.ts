import { expect, it } from "vitest";
import { liveText } from "./live-text.ts";
import type { Message, Part } from "./payloads.ts";

const text = (id: string, value: string): Part => ({ id, type: "text", text: value });
const message = (id: string, role: string, parts: Part[]): Message => ({
  info: { id, role, time: { created: 1 } },
  parts,
});

it("is the newest message of the agent, without what a person said and what the model thinks", () => {
  const live = liveText();
  live.message({ id: "m1", role: "user" });
  live.part("m1", text("p1", "Write a line"));
  live.message({ id: "m2", role: "assistant" });
  live.part("m2", { id: "p2", type: "reasoning", text: "" });
  live.delta("m2", "p2", "Hm.");
  live.part("m2", text("p3", ""));
  live.delta("m2", "p3", "It ");
  live.delta("m2", "p3", "rains.");
  expect(live.text()).toBe("It rains.");
  live.message({ id: "m3", role: "assistant" });
  expect(live.text()).toBe("");
  live.delta("m2", "p3", "late");
  expect(live.text()).toBe("");
});

it("keeps what it followed when it looks messages up, since a text is stored when it is complete", () => {
  const live = liveText();
  live.message({ id: "m2", role: "assistant" });
  live.part("m2", text("p3", ""));
  live.delta("m2", "p3", "It ");
  live.reset([message("m1", "user", []), message("m2", "assistant", [text("p3", "")])]);
  live.delta("m2", "p3", "rains.");
  expect(live.text()).toBe("It rains.");
  live.reset([message("m2", "assistant", [text("p3", "It rains again.")])]);
  expect(live.text()).toBe("It rains again.");
});

it("says where a beginning is missing that nobody here has followed", () => {
  const live = liveText();
  live.reset([message("m2", "assistant", [text("p3", "")])]);
  expect(live.text()).toBe("");
  live.delta("m2", "p3", "rains.");
  expect(live.text()).toBe("… rains.");
});

import { expect, it } from "vitest";
import { EVENTS, eventsInWords } from "./event-words.ts";

it("names what a webhook is told of, and counts what it does not name", () => {
  expect(eventsInWords([])).toBe("All events");
  expect(eventsInWords(EVENTS)).toBe("All events");
  expect(eventsInWords(["RUN_FINISHED"])).toBe("A run has ended");
  expect(eventsInWords(["RUN_FINISHED", "APPROVAL_GRANTED", "STEP_SENT_BACK"])).toBe("A gate was opened and 2 more");
});

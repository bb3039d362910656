import { expect, it } from "vitest";
import { mayBeEverybody } from "./place-of.ts";

it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "172.18.0.1", "fd00::1", "unknown"])(
  "%s may be a proxy before everybody",
  (place) => expect(mayBeEverybody(place)).toBe(true),
);

it.each(["8.8.8.8", "::ffff:8.8.8.8", "2a00:1450:4001:800::1"])("%s is a place of its own", (place) =>
  expect(mayBeEverybody(place)).toBe(false),
);

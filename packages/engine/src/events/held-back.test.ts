import { expect, it } from "vitest";
import { heldBackWatch } from "./held-back.ts";

it("warns once of each transaction that stays open for more than 5 s", () => {
  const said: string[] = [];
  let time = 0;
  const look = heldBackWatch(
    (message) => said.push(message),
    () => time,
  );
  const at = (seconds: number, xmin: string, xmax: string): number => {
    time = seconds * 1_000;
    look({ xmin, xmax });
    return said.length;
  };

  // Nothing is open, however long that lasts.
  expect([at(0, "10", "10"), at(60, "10", "10")]).toEqual([0, 0]);
  // One after another, none of them for long.
  expect([at(61, "10", "12"), at(65, "11", "13"), at(69, "12", "14"), at(73, "14", "14")]).toEqual([0, 0, 0, 0]);
  expect([at(80, "20", "21"), at(84, "20", "30"), at(86, "20", "31"), at(200, "20", "90")]).toEqual([0, 0, 1, 1]);
  expect(said[0]).toContain("transaction 20,");
  expect([at(201, "95", "96"), at(207, "95", "96")]).toEqual([1, 2]);
});

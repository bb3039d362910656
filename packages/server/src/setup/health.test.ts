import type { Generator, GeneratorHealth } from "@sluice/engine";
import { describe, expect, it } from "vitest";
import { healthChecks } from "./health.ts";

function generator(check?: () => Promise<GeneratorHealth>): Generator {
  return {
    name: "g",
    media: "text",
    checkConfig: () => undefined,
    ...(check && { check }),
    generate: () => Promise.reject(new Error("unused")),
  };
}

describe("looks at generators", () => {
  it("ask a service again only after 15 s, however many look", async () => {
    let now = 0;
    let asked = 0;
    const look = healthChecks(() => now);
    const one = generator(async () => ({ ok: true, detail: "There.", version: `${++asked}` }));
    expect(await Promise.all([look(one), look(one)])).toMatchObject([{ version: "1" }, { version: "1" }]);
    now = 14_999;
    expect(await look(one)).toMatchObject({ ok: true, detail: "There.", version: "1" });
    now = 15_000;
    expect(await look(one)).toMatchObject({ version: "2", checkedAt: expect.any(Date) });
  });

  it("look anew at a generator that took another's place", async () => {
    const look = healthChecks();
    expect(await look(generator(async () => ({ ok: true, detail: "Old." })))).toMatchObject({ detail: "Old." });
    expect(await look(generator(async () => ({ ok: false, detail: "New." })))).toMatchObject({ detail: "New." });
  });

  it("take what is thrown for a sentence, and what needs nothing for ready", async () => {
    const look = healthChecks();
    expect(await look(generator(() => Promise.reject(new Error("It broke."))))).toMatchObject({
      ok: false,
      detail: "It broke.",
    });
    expect(await look(generator())).toMatchObject({ ok: true });
  });
});

import { z } from "zod";
import type { Generator } from "../jobs/generator.ts";
import { defineKind, type GeneratorKind, GeneratorSettingsError } from "./generator-kind.ts";
import type { OperatorOptions } from "./resolve-generators.ts";

/** What the test kinds were asked to make. */
export interface Made {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly folder: string;
  readonly origin: string;
}

export interface TestKinds {
  readonly kinds: readonly GeneratorKind[];
  readonly made: Made[];
}

/** Two kinds: "painter", whose settings are of many sorts, and "opencode", which needs none. */
export function testKinds(): TestKinds {
  const made: Made[] = [];
  const make = (name: string, settings: Made["settings"], { folder, origin }: MadeWith): Generator => {
    made.push({ name, settings, folder, origin: origin() });
    return { name, media: "text", checkConfig: () => undefined, generate: () => Promise.reject(new Error("unused")) };
  };
  const painter = defineKind({
    kind: "painter",
    description: "Paints by a server.",
    settings: z
      .strictObject({
        url: z.url("must be an address").describe("Where it is."),
        headers: z.record(z.string(), z.string()).optional().describe("Sent along."),
        argv: z.array(z.string()).optional().describe("A command."),
        concurrency: z.int().min(1).default(2).describe("Jobs at a time."),
        low: z.int().optional().describe("The least."),
        high: z.int().optional().describe("The most."),
      })
      .refine(({ low = 0, high = low }) => high >= low, { error: '"high" must not be below "low".', path: ["high"] }),
    create(name, settings, context) {
      if (settings.url.includes("missing")) {
        throw new GeneratorSettingsError(`There is nothing at ${settings.url}.`, ["url"]);
      }
      return make(name, settings, context);
    },
  });
  const opencode = defineKind({
    kind: "opencode",
    description: "Runs agents.",
    settings: z.strictObject({ url: z.string().describe("Where it is.") }),
    create: make,
  });
  return { kinds: [painter, opencode], made };
}

type MadeWith = Pick<OperatorOptions, "folder" | "origin">;

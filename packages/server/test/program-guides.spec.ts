import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operatorKinds } from "@sluice/generators";
import { schema } from "@sluice/schema";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pipelinesCommand } from "../src/setup/pipelines-command.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-guides-"));
});
afterAll(() => rm(folder, { recursive: true }));

const guide = (name: string) => readFile(new URL(`../../../docs/generators/${name}.md`, import.meta.url), "utf8");
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

describe.each(["command", "http", "workers"])("docs/generators/%s.md", (name) => {
  it("has an operator's file that is right as it is written", async () => {
    const [document = ""] = blocks(await guide(name), "yaml");
    const file = join(folder, `${name}.yaml`);
    await writeFile(file, document);
    const environment = { STUDIO_SECRET: Buffer.alloc(32, 1).toString("base64") };
    const { ok, text } = await pipelinesCommand(["check", file], { kinds: operatorKinds, environment });
    expect([ok, text]).toEqual([true, expect.stringContaining("pipeline")]);
  });

  it("has operations that the API knows", async () => {
    const operations = blocks(await guide(name), "graphql");
    expect(operations.flatMap((operation) => validate(schema, parse(operation)))).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DeclaredInFileError } from "../errors.ts";
import { declaredInFiles } from "../pipelines/declared-in-files.ts";
import { checkPipelines, parsePipelines } from "../pipelines/parse-pipelines.ts";
import { type EngineKit, echoGenerator, engineKit } from "../testing/engine-kit.ts";
import { applyPipelines } from "./apply-pipelines.ts";
import { applyOperatorFile, endForgottenFiles, followedFile, keepOperatorFile } from "./follow-operator-file.ts";

const generators = new Map([["echo", echoGenerator()]]);

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
beforeEach(() => kit.db.query(`TRUNCATE operator_files, pipelines CASCADE`));
afterAll(() => kit[Symbol.asyncDispose]());

const document = (names: readonly string[], ...steps: string[]) =>
  JSON.stringify({
    pipelines: names.map((name) => ({
      name,
      steps: steps.map((step) => ({ type: "generate", name: step, generator: "echo" })),
    })),
  });
const definitions = (text: string) => parsePipelines(text, { source: "operator", generators });
const send = (yaml: string, basedOn: { name: string; version: number }[] = []) =>
  applyPipelines({ ...kit.engine, generators }, kit.actor, { yaml, basedOn });
const versions = async (name: string) =>
  (
    await kit.db.many<{ version: number }>(`SELECT version FROM pipelines WHERE name = $1 ORDER BY version`, [name])
  ).map(({ version }) => version);
const keep = (file: ReturnType<typeof followedFile>, ...names: string[]) =>
  keepOperatorFile(kit.engine, file, {
    pipelines: () => names,
    onError: (error) => {
      throw error;
    },
  });

describe("what the operator's file declares", () => {
  it("is not replaced by what somebody sends, of which nothing is applied then", async () => {
    const file = followedFile("/etc/sluice/pipelines.yaml");
    await applyOperatorFile(kit.engine, file, definitions(document(["ours", "other"], "A")));
    const refused = await send(document(["theirs", "ours"], "B")).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DeclaredInFileError);
    expect(refused).toMatchObject({
      message: `"ours" is declared in the operator's file, pipelines.yaml. Change it there: the change is in force within seconds. Or apply yours under another name.`,
      pipeline: "ours",
      file: "pipelines.yaml",
    });
    // That there is one already is not the news.
    await expect(send(document(["ours"], "B"), [{ name: "ours", version: 0 }])).rejects.toThrow(DeclaredInFileError);
    expect(await versions("ours")).toEqual([1]);
    expect(await versions("theirs")).toEqual([]);
    await send(document(["theirs"], "B"));
    expect(await versions("theirs")).toEqual([1]);
  });

  it("is told with its line by a check of a document", async () => {
    await applyOperatorFile(kit.engine, followedFile("mine.yaml"), definitions(document(["ours"], "A")));
    const yaml = `pipelines:\n  - steps: [{ type: generate, name: A, generator: echo }]\n    name: ours\n`;
    expect(checkPipelines(yaml, { source: "api", generators, declared: await declaredInFiles(kit.db) })).toEqual({
      problems: [
        {
          message: expect.stringContaining(`"ours" is declared in the operator's file, mine.yaml.`),
          path: "pipelines[0].name",
          line: 3,
        },
      ],
      pipelines: [],
    });
  });

  it("is changed by the file, and is anybody's once the file does not declare it any more", async () => {
    await send(document(["ours"], "A"));
    const file = followedFile("pipelines.yaml");
    await applyOperatorFile(kit.engine, file, definitions(document(["ours", "other"], "B")));
    await applyOperatorFile(kit.engine, file, definitions(document(["ours"], "C")));
    expect(await versions("ours")).toEqual([1, 2, 3]);
    await expect(send(document(["ours"], "D"))).rejects.toThrow(DeclaredInFileError);
    await send(document(["other"], "D"));
    await applyOperatorFile(kit.engine, file, []);
    await send(document(["ours"], "D"));
    expect(await versions("ours")).toEqual([1, 2, 3, 4]);
    expect(await versions("other")).toEqual([1, 2]);
  });

  it("is the file's for as long as any server follows one that declares it", async () => {
    const [one, two] = [followedFile("a/pipelines.yaml"), followedFile("b/pipelines.yaml")];
    for (const file of [one, two]) await applyOperatorFile(kit.engine, file, definitions(document(["ours"], "A")));
    await applyOperatorFile(kit.engine, one, []);
    await expect(send(document(["ours"], "B"))).rejects.toThrow(DeclaredInFileError);
    await applyOperatorFile(kit.engine, two, []);
    await send(document(["ours"], "B"));
  });

  it("is the file's over a restart of its server, and anybody's where the next one follows no file", async () => {
    const file = followedFile("pipelines.yaml");
    await applyOperatorFile(kit.engine, file, definitions(document(["ours"], "A")));
    await endForgottenFiles(kit.engine);
    const running = keep(file, "ours");
    await expect(send(document(["ours"], "B"))).rejects.toThrow(DeclaredInFileError);
    await running[Symbol.asyncDispose]();
    await expect(send(document(["ours"], "B"))).rejects.toThrow(DeclaredInFileError);
    await endForgottenFiles(kit.engine);
    await send(document(["ours"], "B"));
    expect(await versions("ours")).toEqual([1, 2]);
  });

  it("is anybody's once its server was not heard of for long", async () => {
    await applyOperatorFile(kit.engine, followedFile("pipelines.yaml"), definitions(document(["ours"], "A")));
    await kit.db.query(`UPDATE operator_files SET expires_at = now()`);
    await send(document(["ours"], "B"));
    expect(await versions("ours")).toEqual([1, 2]);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { applyDefinitions, type Generator, parseDocument, startWorker, type Worker } from "@sluice/engine";
import { operatorKinds } from "@sluice/generators";
import { type OpenAiServer, type OpenAiServerOptions, openAiServer } from "@sluice/generators/testing";
import { type ServerKit, serverKit } from "../kit/server-kit.ts";

const EXAMPLE = new URL("../../../../docs/examples/brief-to-text.yaml", import.meta.url);
const WORKER = fileURLToPath(new URL("fixtures/doomed-worker.ts", import.meta.url));

/** A server without a worker, a model's endpoint, and pipelines over it. */
export interface AgentKit extends AsyncDisposable {
  readonly kit: ServerKit;
  readonly model: OpenAiServer;
  /** Applies an operator's document; the worker has its generators. */
  apply(yaml: string): Promise<void>;
  /** The document of the guide, with the endpoint in place of its model's. */
  applyExample(): Promise<void>;
  /** Starts a worker; it ends with the kit at the latest. */
  worker(): Promise<Worker>;
  /** Starts a worker in a process of its own, for the document that was applied last; resolves with how to kill it. */
  doomedWorker(): { kill(): Promise<void> };
}

export async function agentKit(options?: OpenAiServerOptions): Promise<AgentKit> {
  const stack = new AsyncDisposableStack();
  const model = stack.use(await openAiServer(options));
  const kit = stack.use(await serverKit());
  let generators: Generator[] = [];
  let applied = "";
  const apply = async (yaml: string): Promise<void> => {
    const document = parseDocument(yaml, {
      source: "operator",
      generators: new Map(),
      operator: { kinds: operatorKinds, environment: {}, folder: ".", origin: () => kit.url },
    });
    applied = yaml;
    generators = [...document.generators.values()].map(({ generator }) => generator);
    await applyDefinitions(kit.server.engine, document.pipelines);
  };
  return {
    kit,
    model,
    apply,
    applyExample: async () =>
      await apply((await readFile(EXAMPLE, "utf8")).replace("http://127.0.0.1:11434/v1", model.url)),
    worker: async () =>
      stack.use(
        await startWorker({
          engine: kit.server.engine,
          generators,
          assets: kit.server.assets,
          concurrency: 3,
          onError: () => {},
        }),
      ),
    doomedWorker() {
      const child = spawn(process.execPath, [WORKER, kit.databaseUrl, applied], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      const ended = once(child, "exit");
      const kill = async (): Promise<void> => {
        child.kill("SIGKILL");
        await ended;
      };
      stack.defer(kill);
      return { kill };
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { fetchOpencode } from "./fetch-opencode.ts";

/** OpenCode itself on a socket of this machine, with a home of its own and a model that the test answers for. */
export interface OpencodeServer extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  /** A git repository with one file, `a.txt`. */
  readonly directory: string;
  /** Ends the process as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with what it had stored. */
  start(): Promise<void>;
  /** Asks it past the generator. */
  ask(path: string): Promise<unknown>;
}

const PASSWORD = "a test's password";
const run = promisify(execFile);

/** @param modelsUrl an openai-compatible endpoint, up to and with `/v1` */
export async function opencodeServer(modelsUrl: string): Promise<OpencodeServer> {
  const program = await fetchOpencode();
  const home = await realpath(await mkdtemp(join(tmpdir(), "sluice-opencode-")));
  const directory = join(home, "work");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let process: ChildProcess | null = null;

  await mkdir(directory);
  await writeFile(join(directory, "a.txt"), "one\n");
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: directory });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "A file");
  await writeFile(join(home, "opencode.json"), JSON.stringify(config(modelsUrl)));

  const stop = async (): Promise<void> => {
    const ending = process;
    process = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, "exit");
    ending.kill("SIGKILL");
    await exited;
  };
  const start = async (): Promise<void> => {
    process = spawn(program, ["serve", "--hostname", "127.0.0.1", "--port", String(port)], {
      cwd: directory,
      env: environment(home),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await listening(process);
  };
  await start();

  return {
    url,
    password: PASSWORD,
    directory,
    kill: stop,
    start,
    async ask(path) {
      const response = await fetch(
        `${url}${path}${path.includes("?") ? "&" : "?"}directory=${encodeURIComponent(directory)}`,
        {
          headers: { authorization: `Basic ${Buffer.from(`opencode:${PASSWORD}`).toString("base64")}` },
        },
      );
      return await response.json();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Two models of one provider, and an agent of each sort beside OpenCode's own. */
function config(modelsUrl: string) {
  const model = (name: string) => ({ name, cost: { input: 1, output: 2 }, limit: { context: 100_000, output: 4_000 } });
  return {
    model: "test/small",
    share: "disabled",
    autoupdate: false,
    enabled_providers: ["test"],
    provider: {
      test: {
        npm: "@ai-sdk/openai-compatible",
        name: "Test",
        options: { baseURL: modelsUrl, apiKey: "none" },
        models: {
          small: model("Small"),
          large: { ...model("Large"), attachment: true, modalities: { input: ["text", "image"], output: ["text"] } },
        },
      },
    },
    agent: {
      writer: { mode: "primary", model: "test/large", prompt: "You write." },
      reader: { mode: "subagent", description: "Reads for others." },
    },
  };
}

/** Nothing of this machine's user, and nothing from the network. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_CACHE_HOME: join(home, "cache"),
    OPENCODE_CONFIG: join(home, "opencode.json"),
    OPENCODE_SERVER_PASSWORD: PASSWORD,
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  };
}

async function listening(server: ChildProcess): Promise<void> {
  const exited = once(server, "exit").then(([code]) => {
    throw new Error(`OpenCode ended with code ${code} before it listened.`);
  });
  const said = (async () => {
    for await (const line of createInterface({ input: server.stdout! })) if (line.includes("listening on")) return;
    throw new Error("OpenCode closed its output before it listened.");
  })();
  exited.catch(() => {});
  await Promise.race([said, exited]);
  server.stdout!.resume();
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

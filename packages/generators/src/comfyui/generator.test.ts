import { type GenerateRequest, GeneratorError, JobStopped, pictureType } from "@sluice/engine";
import { generateOnce } from "@sluice/engine/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ComfyOptions, comfy, exampleNodes, portraitBindings, portraitRequest } from "../testing/comfyui-kit.ts";
import { type ComfyServer, type ComfyServerOptions, startComfyServer } from "../testing/comfyui-server/server.ts";

let server: ComfyServer;
const start = async (options: ComfyServerOptions = {}): Promise<void> => {
  await server[Symbol.asyncDispose]();
  server = await startComfyServer(options);
};
beforeEach(async () => {
  server = await startComfyServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const make = (
  options: Partial<ComfyOptions> = {},
  request: GenerateRequest = portraitRequest(),
  once: Parameters<typeof generateOnce>[2] = {},
) => generateOnce(comfy({ url: server.url, ...options }), request, once);

const failure = async (making: Promise<unknown>): Promise<GeneratorError> => {
  const error = await making.then(
    () => expect.fail("should have failed"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GeneratorError);
  return error as GeneratorError;
};

const posts = (): number => server.requests.filter((request) => request === "POST /prompt").length;
const parentOf = (bytes: Uint8Array, meta = {}) => ({
  id: 5,
  text: null,
  meta,
  asset: { mediaType: "image/png", bytes: async () => bytes },
});

describe("success", () => {
  it("fills the workflow, and keeps the picture, the model and where it came from", async () => {
    const made = await make();
    expect(pictureType(made.assets[0]!.bytes)).toBe("image/png");
    const [job] = server.submitted;
    expect(job!.graph["6"]!.inputs).toEqual({ text: "sunset over the sea", clip: ["4", 1] });
    expect(job!.graph["3"]!.inputs.seed).toBe(99);
    expect(job!.graph["9"]!.inputs.filename_prefix).toBe("sluice-1");
    expect(made).toMatchObject({
      text: null,
      meta: { kind: "comfyui", workflow: "portrait", seed: 99, promptId: job!.id },
      usage: { model: "sd_xl_base_1.0.safetensors" },
      warnings: [],
    });
  });

  it("S4: gives a retried job the same picture, and another seed another", async () => {
    const first = (await make()).assets[0]!.bytes;
    expect((await make({}, portraitRequest({ attempt: 2 }))).assets[0]!.bytes).toEqual(first);
    expect((await make({}, portraitRequest({ seed: 100 }))).assets[0]!.bytes).not.toEqual(first);
  });

  it("shows progress that never goes back, and previews", async () => {
    const { told } = await make();
    expect(told.shares.length).toBeGreaterThan(20);
    expect(told.shares).toEqual(told.shares.toSorted((a, b) => a - b));
    expect(told.messages).toContain("KSampler 20/20");
    expect(told.previews[0]!.mediaType).toBe("image/png");
  });

  it("makes the picture without a socket, and says that nothing is seen meanwhile", async () => {
    server.refuseSockets = true;
    const { assets, told } = await make();
    expect(assets).toHaveLength(1);
    expect(told.log.join()).toContain("socket does not work");
  });

  it("brings the parent's picture to ComfyUI, once for all siblings, and uses the name it has there", async () => {
    const first = (await make()).assets[0]!.bytes;
    const options = {
      nodes: exampleNodes("portrait-variation"),
      bindings: { seed: { node: "3", input: "seed" }, parent_image: { node: "1", input: "image" } },
    };
    const one = await make(options, portraitRequest({ parent: parentOf(first), notes: ["warmer"] }));
    const two = await make(options, portraitRequest({ parent: parentOf(first), seed: 7, ordinal: 2 }));
    expect(one.assets[0]!.bytes).not.toEqual(two.assets[0]!.bytes);
    const [name, ...others] = server.files.names("input");
    expect(others).toEqual([]);
    expect(server.submitted[1]!.graph["1"]!.inputs.image).toBe(name);
    expect(server.submitted[1]!.graph["6"]!.inputs.text).toBe("sunset over the sea, warmer");
  });

  it("paints a parent's text, and lets the children of that picture be painted from it too", async () => {
    const text = { id: 3, text: "A heron at dawn", meta: {}, asset: null };
    const { meta, assets } = await make({}, portraitRequest({ parent: text }));
    const child = await make({}, portraitRequest({ parent: parentOf(assets[0]!.bytes, meta) }));
    expect(server.submitted.map(({ graph }) => graph["6"]!.inputs.text)).toEqual([
      "A heron at dawn",
      "A heron at dawn",
    ]);
    expect(child.warnings!.join()).toContain('no slot "parent_image"');
  });

  it("takes the first of several pictures, or that of the node that is meant, and says that there were more", async () => {
    const nodes = exampleNodes("portrait");
    nodes["5"]!.inputs.batch_size = 3;
    expect((await make({ nodes })).warnings).toEqual([
      expect.stringContaining('made 3 pictures; the first of node 9 "Save Image" (SaveImage) is kept'),
    ]);
    nodes["5"]!.inputs.batch_size = 1;
    nodes["10"] = { class_type: "PreviewImage", inputs: { images: ["8", 0] } };
    const saved = await make({ nodes });
    expect(saved.warnings).toEqual([]);
    expect((await make({ nodes, output: "10" })).warnings).toEqual([]);
    expect(server.requests.filter((request) => request === "GET /view")).toHaveLength(3);
  });

  it("sends the operator's headers with requests and with the socket", async () => {
    await make({ headers: { authorization: "Bearer open-sesame" } });
    expect(server.sockets.headers[0]).toMatchObject({ authorization: "Bearer open-sesame" });
  });

  it.each(["0.3.40", "0.24.1", "0.25.0", "0.26.0"])("works with ComfyUI %s", async (version) => {
    await start({ version });
    const { told } = await make();
    expect(told.externalIds.at(-1)).toBe(server.submitted[0]!.id);
    expect(told.externalIds).toHaveLength(1);
  });

  it("keeps an id of its own before the job is sent, so that a crash in between loses nothing", async () => {
    const sentBefore: number[] = [];
    const { told } = await make({}, portraitRequest(), {
      onTold: ({ externalIds }) => void (externalIds.length === 1 && sentBefore.push(posts())),
    });
    expect(sentBefore[0]).toBe(0);
    // Whoever takes the job up hears of its progress by the same id.
    expect(server.submitted).toMatchObject([{ id: told.externalIds[0], clientId: told.externalIds[0] }]);
  });

  it("warns where siblings come out alike, since nothing takes the seed", async () => {
    const made = await make({ bindings: {} }, portraitRequest({ ordinal: 2 }));
    expect(made.warnings).toEqual([expect.stringContaining("no slot for the seed")]);
  });
});

describe("failure", () => {
  it("names the node and its words, and is not tried again", async () => {
    server.failNext({ exception_type: "ValueError", exception_message: "Sizes do not match." });
    const error = await failure(make());
    expect(error).toMatchObject({
      retryable: false,
      message: "ComfyUI failed at node 3 (KSampler): Sizes do not match.",
    });
  });

  it("asks for memory and is tried again, where that ran out", async () => {
    server.failNext({ exception_type: "torch.OutOfMemoryError", exception_message: "Allocation on device" });
    expect(await failure(make())).toMatchObject({ retryable: true });
    expect(server.requests).toContain("POST /free");
    expect((await make()).assets).toHaveLength(1);
  });

  it("tells an interrupt at ComfyUI from a failure", async () => {
    server.hold();
    const error = failure(make());
    await server.held();
    await fetch(`${server.url}/interrupt`, { method: "POST", body: "{}" });
    expect(await error).toMatchObject({ retryable: false, message: expect.stringContaining("interrupted") });
  });

  it("names node and input of a workflow that is refused (400)", async () => {
    const nodes = exampleNodes("portrait");
    nodes["4"]!.inputs.ckpt_name = "missing.safetensors";
    nodes["3"]!.inputs.steps = 0;
    const { message, retryable } = await failure(make({ nodes }));
    expect(retryable).toBe(false);
    expect(message).toContain(
      'Input "ckpt_name" of node 4 "Load Checkpoint" (CheckpointLoaderSimple): Value not in list',
    );
    expect(message).toContain("The file is not there");
    expect(message).toContain('Input "steps" of node 3 (KSampler): Value 0 smaller than min of 1');
  });

  it("says which custom node is missing (400)", async () => {
    const nodes = exampleNodes("portrait");
    nodes["8"]!.class_type = "FancyDecode";
    const { message } = await failure(make({ nodes }));
    expect(message).toContain("Node 'VAE Decode' not found");
    expect(message).toContain("Install the custom node");
  });

  it("does not take a part for the whole: node_errors in a 200", async () => {
    const nodes = exampleNodes("portrait");
    nodes["20"] = { class_type: "LoadImage", inputs: { image: "gone.png" } };
    nodes["21"] = { class_type: "SaveImage", inputs: { images: ["20", 0], filename_prefix: "x" } };
    const { message } = await failure(make({ nodes }));
    expect(message).toContain('Input "image" of node 20 (LoadImage): Custom validation failed');
    expect((await make({ nodes, output: "9" })).warnings).toEqual([expect.stringContaining("leaves out a part")]);
  });

  it("refuses what is no picture: a video, a page of a proxy, and nothing at all", async () => {
    const nodes = exampleNodes("portrait");
    nodes["9"]!.class_type = "SaveVideo";
    expect((await failure(make({ nodes }))).message).toMatch(/made sluice-1_00001_\.mp4, which is no PNG/);

    server.answerInstead = (_, path) =>
      path === "/view" ? { status: 200, mediaType: "text/html", body: "<p>Sign in</p>" } : undefined;
    const page = await failure(make());
    expect(page).toMatchObject({ retryable: false, message: expect.stringContaining("is no picture but text/html") });

    server.answerInstead = undefined;
    expect((await failure(make({ output: "8" }))).message).toContain("finished without a picture");
  });

  it("refuses a picture that is too large, before all of it is there", async () => {
    server.answerInstead = (_, path) =>
      path === "/view" ? { status: 200, mediaType: "image/png", body: Buffer.alloc(40 * 1024 * 1024) } : undefined;
    expect(await failure(make())).toMatchObject({
      retryable: false,
      message: expect.stringContaining("more than 32 MB"),
    });
  });

  it("says that ComfyUI is not there, without its address, and is tried again", async () => {
    await server.crash();
    const error = await failure(make({ headers: { "x-key": "secret" } }));
    expect(error).toMatchObject({
      retryable: true,
      message: 'ComfyUI ("comfy") cannot be reached: ECONNREFUSED. Is it running?',
    });
  });

  it.each([
    [401, false, "refuses access"],
    [302, false, "redirect"],
    [404, false, 'Check its "url"'],
    [500, true, "HTTP 500"],
    [503, true, "not ready"],
  ])("makes a sentence of HTTP %i", async (status, retryable, words) => {
    server.answerInstead = () => ({ status });
    expect(await failure(make())).toMatchObject({ retryable, message: expect.stringContaining(words) });
  });

  it("says so when something else answers", async () => {
    server.answerInstead = () => ({ status: 200, mediaType: "text/html", body: "<h1>It works!</h1>" });
    expect((await failure(make())).message).toContain("What answers for ComfyUI");
  });

  it("needs a parent's picture where the workflow begins with one", async () => {
    const nodes = exampleNodes("portrait-variation");
    const bindings = { parent_image: { node: "1", input: "image" } };
    expect((await failure(make({ nodes, bindings }))).message).toContain("begins with a parent's picture");
  });

  it("needs the variables that the workflow names, and takes no list that would be a link", async () => {
    const bindings = { ...portraitBindings, "var.style": { node: "7", input: "text" } };
    const run = { id: 1, name: "R", prompt: "x", variables: {} };
    expect((await failure(make({ bindings }, portraitRequest({ run })))).message).toContain('the variable "style"');
    const list = portraitRequest({ run: { ...run, variables: { style: ["4", 0] } } });
    expect((await failure(make({ bindings }, list))).message).toContain("has to be a text, a number");
    await make({ bindings }, portraitRequest({ run: { ...run, variables: { style: "{{seed}} [oil]" } } }));
    expect(server.submitted[0]!.graph["7"]!.inputs.text).toBe("{{seed}} [oil]");
  });
});

describe("time and trouble", () => {
  it("gives up and cancels what takes too long", async () => {
    server.hold();
    const error = await failure(make({ timing: { timeout: 400 } }));
    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringContaining('Raise the generator\'s "timeout"'),
    });
    await expect.poll(() => server.queue.running).toBeUndefined();
  });

  it("finds a job lost, once it is nowhere for a while, and tries again", async () => {
    server.hold();
    const error = failure(make());
    await server.held();
    await server.restart();
    expect(await error).toMatchObject({
      retryable: true,
      message: expect.stringContaining("does not know the job any more"),
    });
    server.release();
    expect((await make()).assets).toHaveLength(1);
  });

  it("asks on while ComfyUI does not answer", async () => {
    server.hold();
    const making = make();
    await server.held();
    let refused = 0;
    server.answerInstead = () => (refused++ < 5 ? { status: 502 } : undefined);
    await expect.poll(() => refused).toBeGreaterThan(5);
    server.release();
    const { told } = await making;
    expect(told.log.join()).toContain("not ready: HTTP 502. It is asked again.");
    // Whoever looks at the job sees that it stands still, and then that it goes on.
    const { messages } = told;
    const lost = messages.indexOf("ComfyUI does not answer; looking again");
    expect(lost).toBeGreaterThan(-1);
    expect(messages.slice(lost + 1)).toContainEqual(expect.not.stringContaining("does not answer"));
    expect(posts()).toBe(1);
  });

  it("waits for a finished picture while ComfyUI is away, and does not make it again", async () => {
    let refused = 0;
    server.answerInstead = (_, path) => (path === "/view" && refused++ < 3 ? { status: 502 } : undefined);
    expect((await make()).assets).toHaveLength(1);
    expect(posts()).toBe(1);
  });

  it("finds out whether a job arrived whose answer was lost, and makes it once", async () => {
    server.answerInstead = (_, path) => (path === "/prompt" ? "cut" : undefined);
    const { told } = await make();
    expect(told.log.join()).toContain("answer to the job was lost");
    expect(server.submitted).toHaveLength(1);
  });
});

describe.each(["0.3.40", "0.25.0", "0.30.0"])("cancel and resume with ComfyUI %s", (version) => {
  beforeEach(() => start({ version }));

  /** Begins a job, stops it half-way, and gives the id that was kept of it. */
  const stopped = async (why: JobStopped["why"]): Promise<string> => {
    const controller = new AbortController();
    let saved: readonly string[] = [];
    server.hold();
    const making = make({}, portraitRequest(), {
      signal: controller.signal,
      onTold: ({ externalIds }) => {
        saved = externalIds;
      },
    });
    const ended = expect(making).rejects.toMatchObject({ name: "JobStopped", why });
    await server.held();
    controller.abort(new JobStopped(why));
    await ended;
    return saved.at(-1)!;
  };

  it("cancels what nobody wants, and nothing else", async () => {
    const id = await stopped("unwanted");
    await expect.poll(() => server.queue.running).toBeUndefined();
    expect(server.queue.history[id]!.status.messages.at(-1)![0]).toBe("execution_interrupted");
  });

  it("takes what waits out of the queue, and leaves the job of somebody else alone", async () => {
    server.hold();
    const other = make({}, portraitRequest({ seed: 1 }));
    await server.held();
    const controller = new AbortController();
    const making = make({}, portraitRequest({ seed: 2 }), { signal: controller.signal });
    await expect.poll(() => server.queue.waiting.length).toBe(1);
    controller.abort(new JobStopped("unwanted"));
    await expect(making).rejects.toMatchObject({ why: "unwanted" });
    expect(server.queue.waiting).toEqual([]);
    server.release();
    expect((await other).assets).toHaveLength(1);
  });

  it("goes on with what a worker's end left behind, without a second job", async () => {
    const externalId = await stopped("worker-ends");
    expect(server.queue.running!.id).toBe(externalId);
    const resumed = make({}, portraitRequest({ attempt: 0 }), { externalId });
    server.release();
    const { assets, told } = await resumed;
    expect(assets).toHaveLength(1);
    expect(told.externalIds).toEqual([]);
    expect(posts()).toBe(1);
  });

  it("takes what was finished meanwhile out of the history", async () => {
    const externalId = await stopped("worker-ends");
    server.release();
    await expect.poll(() => server.queue.history[externalId]).toBeDefined();
    expect((await make({}, portraitRequest(), { externalId })).assets).toHaveLength(1);
    expect(posts()).toBe(1);
  });

  it("begins anew where ComfyUI has forgotten the job", async () => {
    const externalId = await stopped("worker-ends");
    await server.restart();
    server.release();
    expect((await make({}, portraitRequest(), { externalId })).assets).toHaveLength(1);
    expect(posts()).toBe(2);
    // The id that is kept stays good.
    if (version !== "0.3.40") expect(server.submitted.at(-1)!.id).toBe(externalId);
  });
});

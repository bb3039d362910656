import { afterEach, beforeEach, expect, it } from "vitest";
import { type ComfyOptions, comfy, exampleNodes } from "../testing/comfyui-kit.ts";
import { type ComfyServer, startComfyServer } from "../testing/comfyui-server/server.ts";

let server: ComfyServer;
beforeEach(async () => {
  server = await startComfyServer({ version: "0.26.1" });
});
afterEach(() => server[Symbol.asyncDispose]());

const check = (options: Partial<ComfyOptions> = {}) =>
  comfy({ url: server.url, ...options }).check!(new AbortController().signal);

it("finds everything there, and says which version", async () => {
  expect(await check()).toEqual({
    ok: true,
    version: "0.26.1",
    detail: "ComfyUI 0.26.1 on cpu has everything that is needed.",
  });
});

it("names the custom nodes and the files that are not installed", async () => {
  const nodes = exampleNodes("portrait");
  nodes["8"]!.class_type = "FancyDecode";
  nodes["4"]!.inputs.ckpt_name = "flux.safetensors";
  const { ok, detail } = await check({ nodes });
  expect(ok).toBe(false);
  expect(detail).toContain('There is no node FancyDecode, which "portrait" needs');
  expect(detail).toContain('is "flux.safetensors", which it does not have; it has sd_xl_base_1.0.safetensors');
});

it("does not ask for a file that a slot names", async () => {
  const nodes = exampleNodes("portrait");
  nodes["4"]!.inputs.ckpt_name = "{{checkpoint}}";
  expect(await check({ nodes })).toMatchObject({ ok: true });
});

it("says what to do when nobody answers, and never throws", async () => {
  await server.crash();
  expect(await check()).toMatchObject({ ok: false, detail: expect.stringContaining("Is it running?") });
});

import { describe, expect, it } from "vitest";
import { aiPeer, failureOf, parentOf } from "../testing/ai-peer.ts";
import { tinyPng } from "../testing/openai-server/server.ts";

describe("ai: images", () => {
  it("are made from words, with a price each", async () => {
    await using kit = await aiPeer();
    const made = await kit.generate({ output: "image", size: "512x512", prices: { image: 0.04 }, seed: true });
    expect(made.assets).toEqual([{ bytes: new Uint8Array(tinyPng), mediaType: "image/png" }]);
    expect(made.usage).toMatchObject({ model: "tiny", costUsd: 0.04 });
    const { path, body } = kit.server.requests[0]!;
    expect(path).toBe("/v1/images/generations");
    expect(body).toMatchObject({ prompt: "sunset over the sea", n: 1, size: "512x512", seed: 99 });
  });

  it("are made from the parent's image", async () => {
    await using kit = await aiPeer();
    const made = await kit.generate({ output: "image" }, { parent: parentOf(null, tinyPng), notes: ["Darker"] });
    const { path, body, files } = kit.server.requests[0]!;
    expect([path, body.prompt]).toEqual(["/v1/images/edits", "sunset over the sea\nDarker"]);
    expect(Buffer.from(files[0]!.bytes).equals(tinyPng)).toBe(true);
    expect(made.meta.edited).toBe(true);
  });

  it("are fetched where the server names an address of its own, and nowhere in this network else", async () => {
    await using kit = await aiPeer({
      files: {
        "/made.png": tinyPng,
        "/moved.png": { status: 302, message: "", location: "http://127.0.0.2:9/secret.png" },
      },
    });
    kit.server.next(
      { images: [{ url: "/made.png" }] },
      { images: [{ url: "http://127.0.0.2:9/secret.png" }] },
      { images: [{ url: "/moved.png" }] },
    );
    expect((await kit.generate({ output: "image" })).assets[0]!.bytes.byteLength).toBe(tinyPng.byteLength);
    for (const _elsewhere of ["named", "redirected to"]) {
      expect(await failureOf(kit.generate({ output: "image" }))).toMatchObject({
        retryable: false,
        message: expect.stringContaining("not allowed") as string,
      });
    }
  });

  it("that never end are not read on", async () => {
    await using kit = await aiPeer();
    kit.server.next({ endless: "x".repeat(1 << 20) });
    expect(await failureOf(kit.generate({ output: "image" }))).toMatchObject({
      retryable: false,
      message: expect.stringContaining("more than can be kept") as string,
    });
  });

  it("that are missing are asked for again, and a setting that the server does not know is told", async () => {
    await using kit = await aiPeer();
    kit.server.next({ images: [] });
    expect(await failureOf(kit.generate({ output: "image" }))).toMatchObject({ retryable: true });
    const made = await kit.generate({ output: "image", aspect_ratio: "16:9" });
    expect(made.warnings).toEqual([expect.stringContaining("aspectRatio")]);
  });
});

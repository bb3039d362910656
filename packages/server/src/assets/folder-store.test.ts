import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GeneratorError } from "@sluice/engine";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderStore } from "./folder-store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-assets-"));
});
afterAll(() => rm(folder, { recursive: true }));

const picture = (format: "png" | "jpeg" | "webp" | "gif") =>
  sharp({ create: { width: 20, height: 10, channels: 3, background: "#357" } })
    .toFormat(format)
    .toBuffer();

async function refusal(bytes: Uint8Array, store = folderStore(folder)): Promise<GeneratorError> {
  const error = await store.put(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GeneratorError)) throw new Error(`Expected a GeneratorError, not ${error}.`);
  return error;
}

describe("folderStore", () => {
  it.each(["png", "jpeg", "webp", "gif"] as const)("keeps %s by its hash and tells what it is", async (format) => {
    const store = folderStore(folder);
    const bytes = await picture(format);
    const asset = await store.put(bytes);
    expect(asset).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      mediaType: `image/${format}`,
      bytes: bytes.byteLength,
      width: 20,
      height: 10,
    });
    expect(Buffer.from(await store.read(asset.sha256)).equals(bytes)).toBe(true);
  });

  it("deletes what nobody has put since a time, and nothing that somebody has", async () => {
    const store = folderStore(join(folder, "discarded"));
    const bytes = await picture("png");
    const { sha256 } = await store.put(bytes);
    const day = 24 * 3_600_000;
    const yesterday = new Date(Date.now() - day);
    expect(await store.discard(sha256, yesterday)).toBe(false);
    expect(Buffer.from(await store.read(sha256)).equals(bytes)).toBe(true);

    const old = new Date(Date.now() - 2 * day);
    await utimes(store.pathOf(sha256), old, old);
    await store.put(bytes);
    expect(await store.discard(sha256, yesterday)).toBe(false);
    await utimes(store.pathOf(sha256), old, old);
    expect(await store.discard(sha256, yesterday)).toBe(true);
    expect(await store.discard(sha256, yesterday)).toBe(true);
    await expect(store.read(sha256)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await readdir(join(folder, "discarded", sha256.slice(0, 2)))).length).toBe(0);
  });

  it("keeps the same bytes once, however many put them at the same time, and leaves no drafts", async () => {
    const place = join(folder, "once");
    const store = folderStore(place);
    const bytes = await picture("png");
    const assets = await Promise.all([1, 2, 3, 4].map(() => store.put(bytes)));
    expect(new Set(assets.map(({ sha256 }) => sha256)).size).toBe(1);
    const files = (await readdir(place, { recursive: true })).filter((name) => name.includes(assets[0]!.sha256));
    expect(files).toHaveLength(1);
  });

  it.each([
    ["a page", "<html><script>alert(1)</script></html>"],
    ["a drawing with scripts", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["a program", "\x7fELF"],
    ["nothing", ""],
    ["a page that begins like a picture", "GIF8<script>"],
  ])("refuses %s for good", async (_what, text) => {
    const error = await refusal(Buffer.from(text, "latin1"));
    expect([error.retryable, error.message]).toEqual([false, expect.stringContaining("no PNG, JPEG")]);
  });

  it("refuses a damaged picture, one with too many pixels, and one that is too large", async () => {
    const png = await picture("png");
    expect((await refusal(png.subarray(0, 20))).message).toContain("damaged");
    const noise = sharp({
      create: { width: 200, height: 200, channels: 3, background: "#357", noise: { type: "gaussian", sigma: 40 } },
    });
    for (const format of ["png", "jpeg", "webp"] as const) {
      const whole = await noise.clone().toFormat(format).toBuffer();
      // Its header is there, and says how large it is.
      expect((await refusal(whole.subarray(0, whole.byteLength / 2))).message).toContain("damaged");
    }
    const vast = Buffer.from(png);
    // The width and height in its header: what a small file says can unpack to more than there is memory for.
    vast.writeUInt32BE(20_000, 16);
    vast.writeUInt32BE(20_000, 20);
    expect((await refusal(vast)).message).toMatch(/damaged or too large/);
    expect((await refusal(Buffer.concat([png, Buffer.alloc(33 * 1024 * 1024)]))).message).toContain("bytes; at most");
  });

  it("says in words what the disk will not do, and lets it be tried again", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const error = await refusal(await picture("png"), folderStore(file));
    expect([error.retryable, error.message]).toEqual([true, expect.stringContaining(`could not be kept in ${file}`)]);
  });
});

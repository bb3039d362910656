import { rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

let kit: ServerKit;
let sha256: string;
let original: Buffer;
beforeAll(async () => {
  kit = await serverKit();
  original = await picture("#246");
  sha256 = await keep(original);
});
afterAll(() => kit[Symbol.asyncDispose]());

const picture = (background: string) =>
  sharp({ create: { width: 800, height: 400, channels: 3, background } })
    .png()
    .toBuffer();

async function keep(bytes: Uint8Array): Promise<string> {
  const asset = await kit.server.assets.put(bytes);
  await kit.db.query(`INSERT INTO assets (sha256, media_type, bytes, width, height) VALUES ($1, $2, $3, $4, $5)`, [
    asset.sha256,
    asset.mediaType,
    asset.bytes,
    asset.width,
    asset.height,
  ]);
  return asset.sha256;
}

const get = async (path: string, headers: { [name: string]: string } = {}) =>
  await fetch(`${kit.url}${path}`, { headers: { authorization: `Bearer ${await kit.token()}`, ...headers } });

/** A request whose path nobody tidies up on the way. */
async function rawStatus(path: string): Promise<number> {
  const headers = { authorization: `Bearer ${await kit.token()}` };
  const { hostname, port } = new URL(kit.url);
  return await new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode as number);
    })
      .on("error", reject)
      .end();
  });
}

describe("an asset", () => {
  it("comes as what it is, to be kept for ever and taken for nothing else", async () => {
    const response = await get(`/assets/${sha256}`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(original)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "private, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-disposition": expect.stringContaining("inline"),
      "content-security-policy": expect.stringContaining("default-src 'self'"),
    });
  });

  it("is not sent again to whoever has it", async () => {
    const etag = (await get(`/assets/${sha256}`)).headers.get("etag") as string;
    const again = await get(`/assets/${sha256}`, { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await get(`/assets/${sha256}`, { "if-none-match": '"another"' })).status).toBe(200);
    expect((await get(`/assets/${sha256}?width=320`, { "if-none-match": etag })).status).toBe(200);
  });

  it("has previews in the allowed widths, made once", async () => {
    for (const width of [160, 320, 640, 1280]) {
      const response = await get(`/assets/${sha256}?width=${width}`);
      expect(response.headers.get("content-type")).toBe("image/webp");
      const preview = await sharp(await response.arrayBuffer()).metadata();
      expect([preview.format, preview.width]).toEqual(["webp", Math.min(800, width)]);
    }
    const made = await Promise.all(
      [1, 2, 3].map(async () => (await get(`/assets/${sha256}?width=160`)).headers.get("etag")),
    );
    expect(new Set(made).size).toBe(1);
  });

  it.each(["0", "-1", "161", "320.0", "1e3", "99999", "", "abc", "320&width=1"])(
    "has no preview of width %j",
    async (width) => {
      const response = await get(`/assets/${sha256}?width=${width}`);
      expect(response.status).toBe(width.startsWith("320&") ? 200 : 400);
      expect(response.headers.get("cache-control") ?? "").not.toContain(response.ok ? "no-store" : "immutable");
    },
  );

  it.each([
    `/assets/${"0".repeat(64)}`,
    "/assets/",
    "/assets/abc",
    `/assets/${"A".repeat(64)}`,
    "/assets/../package.json",
    "/assets/..%2f..%2fpackage.json",
    "/assets/%2e%2e/%2e%2e/etc/passwd",
    "/assets/....//....//etc/passwd",
    "/app/..%2f..%2f..%2fpackage.json",
    "/app/../../../package.json",
    "/..%2f..%2fpackage.json",
    "/app/%00",
  ])("is not at %s", async (path) => {
    expect([400, 404]).toContain(await rawStatus(path));
  });

  it("whose file was lost says so, and is not remembered as such", async () => {
    const lost = await keep(await picture("#642"));
    await rm(kit.server.assets.pathOf(lost));
    for (const path of [`/assets/${lost}`, `/assets/${lost}?width=320`]) {
      const response = await get(path);
      expect([response.status, response.headers.get("cache-control")]).toEqual([404, null]);
    }
  });

  it("that was cut short keeps its bytes, and says that it has no preview", async () => {
    const whole = await picture("#135");
    const cut = await keep(whole);
    await writeFile(kit.server.assets.pathOf(cut), whole.subarray(0, whole.byteLength / 2));
    expect((await get(`/assets/${cut}`)).status).toBe(200);
    const response = await get(`/assets/${cut}?width=320`);
    expect([response.status, response.headers.get("cache-control")]).toEqual([422, null]);
    expect(await response.text()).toContain("damaged");
  });

  it("is for whoever may view", async () => {
    const authorization = `Bearer ${await kit.token("robot", { role: "OPERATOR", scopes: ["OPERATE"] })}`;
    const response = await get(`/assets/${sha256}`, { authorization });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("scope VIEW")]);
  });

  it("that no picture can be made of fails without being remembered, and is logged", async () => {
    const broken = await keep(await picture("#111"));
    await rm(kit.server.assets.pathOf(broken));
    const { mkdir } = await import("node:fs/promises");
    await mkdir(kit.server.assets.pathOf(broken));
    const response = await get(`/assets/${broken}`);
    expect([response.status, response.headers.get("cache-control")]).toEqual([500, null]);
    expect(await response.text()).not.toContain(kit.dataDir);
    expect(kit.logged.join()).toContain("EISDIR");
  });
});

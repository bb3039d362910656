import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodePng } from "./png.ts";
import { prng } from "./prng.ts";

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Reads a PNG's chunks and checks each one's CRC. */
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.subarray(0, 4).toString("latin1"), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

/** Undoes the filters "none", "sub" and "up". */
function decode(png: Uint8Array): { width: number; height: number; rgb: Uint8Array } {
  const chunks = chunksOf(png);
  const header = chunks[0]!.data;
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const raw = inflateSync(Buffer.concat(chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data)));
  const stride = width * 3;
  expect(raw.length).toBe((stride + 1) * height);
  const rgb = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    expect([0, 1, 2]).toContain(filter);
    for (let k = 0; k < stride; k++) {
      const before = filter === 2 ? rgb[(y - 1) * stride + k]! : filter === 1 && k >= 3 ? rgb[y * stride + k - 3]! : 0;
      rgb[y * stride + k] = raw[y * (stride + 1) + 1 + k]! + before;
    }
  }
  return { width, height, rgb };
}

describe("PNG", () => {
  it("decodes to the same pixels, whether rows are flat, sloped, repeated or noise", () => {
    const width = 37;
    const height = 24;
    const random = prng("png");
    const rgb = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let k = 0; k < width * 3; k++) {
        const kind = y % 4;
        rgb[y * width * 3 + k] =
          kind === 0 ? 17 : kind === 1 ? k * 2 : kind === 2 ? rgb[(y - 1) * width * 3 + k]! : random.int(256);
      }
    }
    const decoded = decode(encodePng({ width, height, rgb }));
    expect([decoded.width, decoded.height]).toEqual([width, height]);
    expect(Buffer.from(decoded.rgb).equals(Buffer.from(rgb))).toBe(true);
  });

  it("keeps texts that remain the same JSON, whatever characters they hold", () => {
    const genome = { name: "日本 – é", n: [1.5, -2] };
    const png = encodePng({ width: 1, height: 1, rgb: new Uint8Array(3) }, { "sluice:genome": JSON.stringify(genome) });
    const text = chunksOf(png).find((chunk) => chunk.type === "tEXt")!.data;
    const [keyword, value] = text.toString("latin1").split("\0");
    expect(keyword).toBe("sluice:genome");
    expect(JSON.parse(value!)).toEqual(genome);
  });
});

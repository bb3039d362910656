import { crc32, deflateSync } from "node:zlib";
import type { Picture } from "./render.ts";

/**
 * Writes an 8-bit RGB PNG (W3C PNG, third edition) on node:zlib alone.
 *
 * Rows are filtered with the smallest sum of absolute differences of "none", "sub" and "up": flat sheets of colour
 * then cost next to nothing. Level 5: 6 takes a quarter longer for 2 % less (measured on 40 founders at 512²).
 *
 * The pixels are the same everywhere; the compressed bytes may differ between builds of zlib, which Node brings along.
 *
 * @param texts Latin-1 keyword (1 to 79 characters) and text; kept in the file as `tEXt`
 */
export function encodePng(picture: Picture, texts: Readonly<Record<string, string>> = {}): Uint8Array {
  const { width, height, rgb } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pieces = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk("IHDR", header)];
  // sRGB, perceptual intent: says which colours the numbers mean.
  pieces.push(chunk("sRGB", Buffer.from([0])));
  for (const [keyword, text] of Object.entries(texts)) {
    pieces.push(chunk("tEXt", Buffer.from(`${keyword}\0${latin1(text)}`, "latin1")));
  }
  pieces.push(chunk("IDAT", deflateSync(filterRows(rgb, width * 3, height), { level: 5, memLevel: 9 })));
  pieces.push(chunk("IEND", Buffer.alloc(0)));
  return Buffer.concat(pieces);
}

function filterRows(rgb: Uint8Array, stride: number, height: number): Uint8Array {
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * stride;
    let none = 0;
    let sub = 0;
    let up = y === 0 ? Infinity : 0;
    for (let k = 0; k < stride; k++) {
      const value = rgb[at + k]!;
      none += value < 128 ? value : 256 - value;
      const bySub = (value - (k >= 3 ? rgb[at + k - 3]! : 0)) & 255;
      sub += bySub < 128 ? bySub : 256 - bySub;
      if (y > 0) {
        const byUp = (value - rgb[at + k - stride]!) & 255;
        up += byUp < 128 ? byUp : 256 - byUp;
      }
    }
    const start = y * (stride + 1);
    const filter = up <= sub && up <= none ? 2 : sub <= none ? 1 : 0;
    out[start] = filter;
    for (let k = 0; k < stride; k++) {
      const before = filter === 2 ? rgb[at + k - stride]! : filter === 1 && k >= 3 ? rgb[at + k - 3]! : 0;
      out[start + 1 + k] = rgb[at + k]! - before;
    }
  }
  return out;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** tEXt holds Latin-1; everything else is escaped as in JSON, so that a JSON text stays the same JSON. */
function latin1(text: string): string {
  return text.replace(/[^\x20-\x7e\xa1-\xff\n]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

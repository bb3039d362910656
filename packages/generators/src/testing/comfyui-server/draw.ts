import { createHash } from "node:crypto";
import { encodePng } from "../../cppn/png.ts";
import { ancestors, type Graph, signature } from "./graph.ts";

/** Pixels per side, whatever the workflow asks for: the pictures are for telling candidates apart. */
const SIDE = 192;

/**
 * The picture of an output node: soft discs on a ground, from everything that the node depends on. Another seed or
 * prompt makes another picture, and a picture made from another keeps that one's ground.
 *
 * @param loaded bytes of an uploaded picture, by its name
 */
export function drawPicture(graph: Graph, output: string, index: number, loaded: (name: string) => Uint8Array): Buffer {
  const source = ancestors(graph, output).find((id) => graph[id]!.class_type === "LoadImage");
  const parent = source === undefined ? undefined : loaded(String(graph[source]!.inputs.image));
  const own = digest(`${signature(graph, output)} ${index}`);
  const ground = parent === undefined ? own : digest(parent);
  return paint(own, ground);
}

function digest(of: string | Uint8Array): Buffer {
  return createHash("sha256").update(of).digest();
}

function paint(own: Buffer, ground: Buffer): Buffer {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  const discs = Array.from({ length: 4 }, (_, disc) => ({
    x: (own[disc * 6]! / 255) * SIDE,
    y: (own[disc * 6 + 1]! / 255) * SIDE,
    radius: SIDE * (0.12 + (own[disc * 6 + 2]! / 255) * 0.3),
    colour: [own[disc * 6 + 3]!, own[disc * 6 + 4]!, own[disc * 6 + 5]!],
  }));
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = (y * SIDE + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        let value = ground[channel]! * 0.6 + (ground[channel + 3]! * 0.4 * y) / SIDE;
        for (const disc of discs) {
          const inside = 1 - Math.hypot(x - disc.x, y - disc.y) / disc.radius;
          if (inside > 0) value += (disc.colour[channel]! - value) * Math.min(1, inside * 2);
        }
        rgb[at + channel] = value;
      }
    }
  }
  return Buffer.from(encodePng({ width: SIDE, height: SIDE, rgb }));
}

/**
 * Draws contact sheets of the `cppn` generator, to judge changes of it by eye.
 *
 *   node packages/generators/scripts/contact-sheet.ts <folder> [prompt]
 *
 * Writes founders.png (40 founders), form.png, variation.png, colour.png and finish.png (a parent, top left, and 12
 * children each), line.png (14 generations) and prompts.png (4 founders each of several prompts) into the folder.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { breed, type Order } from "../src/cppn/breed.ts";
import type { Genome } from "../src/cppn/genome.ts";
import { loci } from "../src/cppn/mutate.ts";
import { encodePng } from "../src/cppn/png.ts";
import { type Picture, renderGenome } from "../src/cppn/render.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give a folder: node packages/generators/scripts/contact-sheet.ts <folder> [prompt]");
  process.exit(1);
}
const prompt = process.argv[3] ?? "";
mkdirSync(folder, { recursive: true });

const order = (change: Partial<Order>): Order => ({
  run: 1,
  step: 1,
  parent: null,
  ordinal: 1,
  loci: "form",
  strength: 1,
  prompt,
  notes: [],
  ...change,
});

/** Pictures side by side on white, `columns` in a row. */
function sheet(genomes: readonly Genome[], columns: number, size: number): Picture {
  const gap = Math.round(size / 24);
  const rows = Math.ceil(genomes.length / columns);
  const width = columns * (size + gap) + gap;
  const height = rows * (size + gap) + gap;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  for (const [i, genome] of genomes.entries()) {
    const picture = renderGenome(genome, { size });
    const left = gap + (i % columns) * (size + gap);
    const top = gap + Math.floor(i / columns) * (size + gap);
    for (let y = 0; y < size; y++) {
      rgb.set(picture.rgb.subarray(y * size * 3, (y + 1) * size * 3), ((top + y) * width + left) * 3);
    }
  }
  return { width, height, rgb };
}

function write(name: string, picture: Picture): void {
  writeFileSync(join(folder!, `${name}.png`), encodePng(picture));
}

const founders = Array.from({ length: 40 }, (_, i) =>
  breed(order({ run: 1 + Math.floor(i / 8), ordinal: 1 + (i % 8) })),
);
write("founders", sheet(founders, 8, 230));

for (const [i, kind] of loci.entries()) {
  const parent = founders[(i * 9 + 3) % founders.length]!;
  const children = Array.from({ length: 12 }, (_, k) =>
    breed(order({ step: 2, loci: kind, ordinal: k + 1, parent: { id: 7, genome: parent } })),
  );
  const size = kind === "finish" ? 470 : 270;
  write(
    kind,
    sheet([parent, ...(kind === "finish" ? children.slice(0, 5) : children)], kind === "finish" ? 3 : 5, size),
  );
}

const line: Genome[] = [founders[5]!];
while (line.length < 14) {
  const kind = line.length % 3 === 0 ? "colour" : line.length % 3 === 1 ? "form" : "variation";
  line.push(breed(order({ step: line.length + 1, loci: kind, parent: { id: line.length, genome: line.at(-1)! } })));
}
write("line", sheet(line, 7, 250));

const prompts = [
  "sunset over the sea",
  "noir city, sharp",
  "soft pink mist",
  "crystal symmetry in ice",
  "topographic forest map",
  "jazz festival",
  "a cat on a bicycle",
  "retro desert sun",
  "neon waves",
  "calm nordic moon",
];
write(
  "prompts",
  sheet(
    prompts.flatMap((text, run) =>
      [1, 2, 3, 4].map((ordinal) => breed(order({ run: run + 50, ordinal, prompt: text }))),
    ),
    8,
    230,
  ),
);

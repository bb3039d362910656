import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breed } from "./breed.ts";
import { parseGenome } from "./genome.ts";
import { loci } from "./mutate.ts";
import { renderGenome } from "./render.ts";
import { acceptance, distance, distances, glance } from "./screening.ts";
import { orderFor } from "./test-orders.ts";

const pixels = (genome: Parameters<typeof renderGenome>[0], size = 96) =>
  createHash("sha256").update(renderGenome(genome, { size }).rgb).digest("hex");

describe("breeding", () => {
  it("gives the same genome for the same order, and another for another run, ordinal or prompt", () => {
    const genome = breed(orderFor({ run: 5, ordinal: 2 }));
    expect(breed(orderFor({ run: 5, ordinal: 2 }))).toEqual(genome);
    expect(breed(orderFor({ run: 6, ordinal: 2 }))).not.toEqual(genome);
    expect(breed(orderFor({ run: 5, ordinal: 3 }))).not.toEqual(genome);
    expect(breed(orderFor({ run: 5, ordinal: 2, prompt: "frozen crystal" }))).not.toEqual(genome);
  });

  it("draws the same pixels on every engine", () => {
    // If a deliberate change of the drawing moves these, take the new ones over; a Node version must not.
    expect(pixels(breed(orderFor({ run: 3, prompt: "sunset waves" })))).toBe(
      "6f25d7f174a0a40c1a76c27d6474fe236e2baffbedd90bf69b826174b0e8f14f",
    );
    expect(pixels(breed(orderFor({ run: 8, ordinal: 2, prompt: "crystal symmetry lines" })))).toBe(
      "73a77f715b2beaf642a6da0c29f1735dafd535f1db8ca290b627bee1db0569b8",
    );
  });

  it("makes founders that are neither flat nor noise nor alike, over 50 seeds", () => {
    for (let run = 100; run < 117; run++) {
      const siblings = [1, 2, 3].map((ordinal) => glance(breed(orderFor({ run, ordinal }))));
      for (const [i, founder] of siblings.entries()) {
        expect(founder.contrast).toBeGreaterThanOrEqual(acceptance.contrast);
        expect(founder.roughness).toBeGreaterThanOrEqual(acceptance.roughness[0]);
        expect(founder.roughness).toBeLessThanOrEqual(acceptance.roughness[1]);
        expect(founder.plain).toBeLessThanOrEqual(acceptance.plain);
        for (const other of siblings.slice(0, i)) {
          expect(distance(founder, other)).toBeGreaterThanOrEqual(distances.form.sibling);
        }
      }
    }
  });

  it.each(["form", "variation", "colour"] as const)(
    "keeps %s children apart from their parent and each other",
    (kind) => {
      for (let run = 1; run <= 6; run++) {
        const parent = breed(orderFor({ run, ordinal: 1 + (run % 3) }));
        const seen = glance(parent);
        const children = [1, 2, 3, 4].map((ordinal) =>
          glance(breed(orderFor({ run, step: 2, loci: kind, ordinal, parent: { id: 40 + run, genome: parent } }))),
        );
        for (const [i, child] of children.entries()) {
          expect(distance(child, seen)).toBeGreaterThanOrEqual(distances[kind].parent[0]);
          expect(distance(child, seen)).toBeLessThanOrEqual(distances[kind].parent[1]);
          for (const other of children.slice(0, i)) {
            expect(distance(child, other)).toBeGreaterThanOrEqual(distances[kind].sibling);
          }
        }
      }
    },
  );

  it("makes children that are nearer to their parent than to a stranger", () => {
    let nearer = 0;
    let all = 0;
    for (let run = 20; run < 26; run++) {
      const parent = breed(orderFor({ run }));
      const stranger = glance(breed(orderFor({ run, ordinal: 2 })));
      for (const ordinal of [1, 2, 3]) {
        const child = glance(
          breed(orderFor({ run, step: 2, ordinal, loci: "variation", parent: { id: 9, genome: parent } })),
        );
        if (distance(child, glance(parent)) < distance(child, stranger)) nearer += 1;
        all += 1;
      }
    }
    expect(nearer / all).toBeGreaterThanOrEqual(0.9);
  });

  it("changes only what the step is about", () => {
    const parent = breed(orderFor({ run: 31 }));
    const child = (kind: (typeof loci)[number]) =>
      breed(orderFor({ run: 31, step: 2, loci: kind, parent: { id: 4, genome: parent } }));
    const { colour: _, ...form } = parent;
    expect(child("form").colour).toEqual(parent.colour);
    expect(child("variation").colour).toEqual(parent.colour);
    expect(child("colour")).toMatchObject(form);
    expect({ ...child("finish"), print: null }).toEqual(parent);
    expect(child("finish").print).not.toBeNull();
  });

  it("gives a founder, steered by the parent's id, where the parent has no genome", () => {
    const one = breed(orderFor({ step: 2, parent: { id: 7, genome: null } }));
    expect("genome" in parseGenome(one)).toBe(true);
    expect(breed(orderFor({ step: 2, parent: { id: 7, genome: null } }))).toEqual(one);
    expect(breed(orderFor({ step: 2, parent: { id: 8, genome: null } }))).not.toEqual(one);
  });

  it("breeds genomes that stay valid through JSON, generation after generation", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(fc.constantFrom(...loci), { maxLength: 5 }),
        (run, line) => {
          let genome = breed(orderFor({ run }));
          for (const [i, kind] of line.entries()) {
            genome = breed(orderFor({ run, step: i + 2, loci: kind, parent: { id: i, genome } }));
          }
          expect(parseGenome(JSON.parse(JSON.stringify(genome)))).toEqual({ genome });
        },
      ),
      { seed: 11, numRuns: 12 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { breed } from "./breed.ts";
import { type PaletteName, paletteNames } from "./palettes.ts";
import { steeringOf } from "./steering.ts";
import { orderFor } from "./test-orders.ts";

const palettesFor = (prompt: string, notes: readonly string[] = []) =>
  Array.from({ length: 24 }, (_, i) => breed(orderFor({ run: 400 + i, prompt, notes })).colour.palette);
const share = (found: readonly PaletteName[], wanted: readonly PaletteName[]) =>
  found.filter((name) => wanted.includes(name)).length / found.length;

describe("steering", () => {
  it("takes palettes that the prompt's words name", () => {
    const sea: PaletteName[] = ["ocean", "lagoon", "cyanotype", "riviera", "mist", "riso"];
    expect(share(palettesFor("the deep blue ocean"), sea)).toBeGreaterThan(0.7);
    expect(share(palettesFor(""), sea)).toBeLessThan(0.5);
    expect(share(palettesFor("noir"), ["noir"])).toBeGreaterThan(0.6);
  });

  it("listens to the notes of approvals more than to the prompt", () => {
    const { palettes } = steeringOf("ocean", ["autumn, please"]);
    expect(palettes.get("autumn")).toBeGreaterThan(palettes.get("ocean")!);
  });

  it("takes forms that the prompt's words name", () => {
    const symmetric = Array.from({ length: 20 }, (_, i) =>
      breed(orderFor({ run: 500 + i, prompt: "perfect symmetry" })),
    );
    expect(symmetric.filter((genome) => genome.view.symmetry > 0).length).toBeGreaterThanOrEqual(12);
    const { motifs } = steeringOf("waves");
    expect([...motifs].sort((a, b) => b[1] - a[1])[0]![0]).toBe("waves");
  });

  it("meets the singular, the plural and the adjective of a word", () => {
    for (const word of ["wave", "waves", "Waves", "wavy"])
      expect(steeringOf(word).motifs.get("waves")).toBeGreaterThan(3);
  });

  it("gives words that it does not know a family of their own", () => {
    const weights = (prompt: string) => paletteNames.map((name) => steeringOf(prompt).palettes.get(name));
    expect(weights("bicycle")).toEqual(weights("bicycle"));
    expect(weights("bicycle")).not.toEqual(weights("accountant"));
  });
});

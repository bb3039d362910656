import { type LookTrait, lookWords, type MotifName, motifNames, motifWords } from "./lexicon.ts";
import { type PaletteName, palette, paletteNames } from "./palettes.ts";
import { hash32 } from "./prng.ts";
import { stem } from "./stem.ts";

/** What a prompt asks for. Weights are relative; traits are 0 (not mentioned) or more. */
export interface Steering {
  readonly palettes: ReadonlyMap<PaletteName, number>;
  readonly motifs: ReadonlyMap<MotifName, number>;
  readonly traits: Readonly<Record<LookTrait, number>>;
}

/**
 * Reads a prompt, and the notes of the approvals that led here, as wishes.
 *
 * Words that the lexicon knows pull strongly; every other word pulls a little towards palettes and motifs of its own
 * hash, so that two prompts never look alike by default. This is procedural art, not a text-to-image model: "a cat" gives
 * its own family of pictures, but no cat.
 */
export function steeringOf(prompt: string, notes: readonly string[] = []): Steering {
  const palettes = new Map<PaletteName, number>(paletteNames.map((name) => [name, 0.06]));
  const motifs = new Map<MotifName, number>(motifNames.map((name) => [name, 0.35]));
  const traits: Record<LookTrait, number> = {
    symmetry: 0,
    soft: 0,
    sharp: 0,
    bold: 0,
    detailed: 0,
    lines: 0,
    disc: 0,
    paper: 0,
    grain: 0,
    frame: 0,
    dark: 0,
    light: 0,
  };
  const read = (text: string, force: number) => {
    for (const word of wordsOf(text)) {
      let known = false;
      for (const name of paletteNames) {
        if (paletteWords.get(name)!.has(word)) {
          // A palette's own name asks for that palette; its other words only lean towards it.
          raise(palettes, name, (stem(name) === word ? 9 : 4) * force);
          known = true;
        }
      }
      for (const name of motifWords.get(word) ?? []) {
        raise(motifs, name, 3 * force);
        known = true;
      }
      for (const trait of lookWords.get(word) ?? []) {
        traits[trait] += force;
        known = true;
      }
      if (!known) {
        const hash = hash32(word);
        for (let i = 0; i < 3; i++)
          raise(palettes, paletteNames[(hash >>> (i * 8)) % paletteNames.length]!, 0.5 * force);
        raise(motifs, motifNames[(hash >>> 24) % motifNames.length]!, 0.5 * force);
      }
    }
  };
  read(prompt, 1);
  // A note is what a person said after looking: it counts more than the prompt that led to the pictures.
  for (const note of notes) read(note, 1.5);
  return { palettes, motifs, traits };
}

const paletteWords = new Map<PaletteName, ReadonlySet<string>>(
  paletteNames.map((name) => [name, new Set([name, ...palette(name).words.split(" ")].map(stem))]),
);

const fillers = new Set(
  "a an and are as at be by for from in into is it of on or so that the this to very with more less make made like some image picture poster abstract art".split(
    " ",
  ),
);

/** A text's words, lower-cased, without endings and filler words, each once. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((word) => !fillers.has(word)).map(stem));
}

function raise<K>(weights: Map<K, number>, key: K, by: number): void {
  weights.set(key, (weights.get(key) ?? 0) + by);
}

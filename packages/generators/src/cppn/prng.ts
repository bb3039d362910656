/**
 * Seeded randomness. Everything the generators decide comes from here, so that a retried job makes the same candidate.
 *
 * Only integer arithmetic and sums: no `Math.log` or `Math.sin`, whose last bit differs between engines.
 */
export interface Prng {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform integer in [0, count). */
  int(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** About normal with mean 0 and sd 1 (sum of six uniforms; within ±4.3). */
  normal(): number;
  /** One item, all equally likely. */
  pick<T>(items: readonly T[]): T;
}

/** The same parts always give the same stream. */
export function prng(...parts: readonly (string | number)[]): Prng {
  const next = sfc32(hash128(parts.join("\u001f")));
  const normalScale = Math.sqrt(2);
  return {
    next,
    range: (low, high) => low + (high - low) * next(),
    int: (count) => Math.floor(next() * count),
    chance: (probability) => next() < probability,
    normal: () => (next() + next() + next() + next() + next() + next() - 3) * normalScale,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError("pick() needs at least one item");
      return item;
    },
  };
}

/** All items in a random order in which heavier items tend to come first. Weights are above 0. */
export function weightedDeck<T>(random: Prng, items: readonly T[], weight: (item: T) => number): T[] {
  const rest = items.map((item) => ({ item, weight: Math.max(1e-6, weight(item)) }));
  const deck: T[] = [];
  while (rest.length > 0) {
    const total = rest.reduce((sum, entry) => sum + entry.weight, 0);
    let mark = random.next() * total;
    let at = 0;
    while (at < rest.length - 1 && mark >= rest[at]!.weight) {
      mark -= rest[at]!.weight;
      at += 1;
    }
    deck.push(rest.splice(at, 1)[0]!.item);
  }
  return deck;
}

/** A word's unsigned 32-bit hash. */
export function hash32(text: string): number {
  return hash128(text)[0];
}

type Words = readonly [number, number, number, number];

/** cyrb128 (public domain, bryc): spreads a string over four 32-bit words. */
function hash128(text: string): Words {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush. */
function sfc32(seed: Words): () => number {
  let [a, b, c, d] = seed;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

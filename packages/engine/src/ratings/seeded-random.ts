/**
 * A generator of numbers in [0, 1) that gives the same ones for the same seed on every machine: sfc32 by Chris
 * Doty-Humphrey, which passes PractRand and keeps 128 bits of state. Not for secrets.
 */
export function seededRandom(seed: number): () => number {
  // Seeds beyond 32 bits keep their upper part, so that neighbouring large ids do not share a stream.
  let a = Math.floor(seed / 2 ** 32) | 0;
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) next(); // the author's number of rounds for the seed to reach every bit
  return next;
}

/** Standard normal numbers from uniform ones, by the polar method (Marsaglia & Bray 1964). */
export function standardNormal(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
}

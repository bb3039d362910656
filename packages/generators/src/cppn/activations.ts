/**
 * What a node does with the sum of its inputs.
 *
 * `Math.sin` and `Math.exp` may differ in their last bit between engines, and a picture must not. So each function is a
 * table whose entries are rounded to 1e-6, read with linear interpolation: the pixel loop uses +, − and × alone, which
 * IEEE 754 fixes to the bit.
 */
export const activations = ["id", "sin", "tri", "ridge", "gauss", "tanh", "soft", "stair", "mul"] as const;
export type Activation = (typeof activations)[number];

/** Steps over one period, and over the clamped range of the others. */
const steps = 2048;
/** Outside ± this, the functions that do not repeat stay at their end. */
const reach = 6;

interface Table {
  readonly values: Float64Array;
  readonly periodic: boolean;
}

const tau = Math.PI * 2;

function table(periodic: boolean, f: (x: number) => number): Table {
  const values = new Float64Array(steps + 2);
  for (let i = 0; i <= steps + 1; i++) {
    const x = periodic ? (i / steps) * tau : -reach + (i / steps) * 2 * reach;
    values[i] = Math.round(f(x) * 1e6) / 1e6;
  }
  return { values, periodic };
}

const tables: Record<Exclude<Activation, "id" | "mul">, Table> = {
  sin: table(true, Math.sin),
  // Corners are rounded off a little, so that an edge which runs over one stays smooth.
  tri: table(true, (x) => Math.asin(0.985 * Math.sin(x)) / Math.asin(0.985)),
  ridge: table(true, (x) => 1 - 2 * Math.sqrt(0.004 + 0.996 * Math.sin(x / 2) ** 2)),
  gauss: table(false, (x) => 2 * Math.exp(-x * x) - 1),
  tanh: table(false, Math.tanh),
  soft: table(false, (x) => Math.sqrt(x * x + 0.02) - 1),
  // Soft terraces: flat steps with a short slope between them.
  stair: table(false, (x) => x - Math.sin(2 * Math.PI * x * 1.5) / (2 * Math.PI * 1.5)),
};

/** Applies an activation in place to the first `length` sums. `mul` and `id` leave them as they are. */
export function activate(name: Activation, sums: Float32Array, length: number): void {
  if (name === "id" || name === "mul") return;
  const { values, periodic } = tables[name];
  if (periodic) {
    const scale = steps / tau;
    for (let i = 0; i < length; i++) {
      const at = sums[i]! * scale;
      const turn = at - Math.floor(at / steps) * steps;
      const low = turn | 0;
      const from = values[low]!;
      sums[i] = from + (values[low + 1]! - from) * (turn - low);
    }
  } else {
    const scale = steps / (2 * reach);
    for (let i = 0; i < length; i++) {
      let at = (sums[i]! + reach) * scale;
      if (at < 0) at = 0;
      else if (at > steps) at = steps;
      const low = at | 0;
      const from = values[low]!;
      sums[i] = from + (values[low + 1]! - from) * (at - low);
    }
  }
}

/** Sine of an angle in radians by the same table. */
export function tableSin(angle: number): number {
  const at = (angle * steps) / tau;
  const turn = at - Math.floor(at / steps) * steps;
  const low = turn | 0;
  const from = tables.sin.values[low]!;
  return from + (tables.sin.values[low + 1]! - from) * (turn - low);
}

/** Cosine of an angle in radians by the same table. */
export function tableCos(angle: number): number {
  return tableSin(angle + Math.PI / 2);
}

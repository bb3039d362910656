import { tableCos, tableSin } from "./activations.ts";
import { type Genome, inputNames } from "./genome.ts";

/** Where a row block lies in the plane: `columns` × `rows` samples, centred on pixels, the picture spanning −1 to 1. */
export interface Block {
  readonly columns: number;
  readonly rows: number;
  /** Plane coordinates of the first sample, and the step from one to the next. */
  readonly left: number;
  readonly top: number;
  readonly step: number;
}

/** Fills one buffer of `columns × rows` samples per input that the genome reads. */
export type InputFiller = (block: Block, into: (id: number) => Float32Array) => void;

/**
 * Prepares the plane's inputs for a genome: the constants are worked out once, the fill is loops of +, ×, √ and table
 * reads. `needed` holds the ids of `inputNames` that any node reads.
 */
export function prepareInputs(genome: Genome, needed: ReadonlySet<number>): InputFiller {
  const { view, foci, noise, facets } = genome;
  const cos = tableCos(view.angle);
  const sin = tableSin(view.angle);
  const [bendX, bendY] = view.warp;
  const [one, x, y, r, petalCos, petalSin, d1, d2, n1, n2, facet] = inputNames.keys().toArray() as number[];
  const normals = Array.from({ length: facets.count }, (_, i) => {
    // Half a turn shared out unevenly: equal angles would draw a plain polygon.
    const angle = facets.angle + (i * Math.PI * 2) / facets.count + 0.35 * tableSin(i * 2.4 + facets.angle);
    return { x: tableCos(angle), y: tableSin(angle) };
  });

  return (block, into) => {
    const length = block.columns * block.rows;
    const xs = into(x!);
    const ys = into(y!);
    for (let row = 0, i = 0; row < block.rows; row++) {
      const py = block.top + row * block.step;
      for (let column = 0; column < block.columns; column++, i++) {
        const px = block.left + column * block.step;
        // The fold is rounded: a sharp one leaves a visible crease down the middle.
        const sx = view.symmetry >= 1 ? Math.sqrt(px * px + 0.0015) : px;
        const sy = view.symmetry >= 2 ? Math.sqrt(py * py + 0.0015) : py;
        xs[i] = (sx * cos - sy * sin) * view.zoom + view.x;
        ys[i] = (sx * sin + sy * cos) * view.zoom + view.y;
      }
    }
    for (let i = 0; i < length; i++) {
      const px = xs[i]!;
      const py = ys[i]!;
      xs[i] = px + bendX[0] * tableSin(py * bendX[1] + bendX[2]);
      ys[i] = py + bendY[0] * tableSin(px * bendY[1] + bendY[2]);
    }
    if (needed.has(one!)) into(one!).fill(1, 0, length);
    if (needed.has(r!)) distance(xs, ys, 0, 0, into(r!), length);
    if (needed.has(d1!)) distance(xs, ys, foci[0][0], foci[0][1], into(d1!), length);
    if (needed.has(d2!)) distance(xs, ys, foci[1][0], foci[1][1], into(d2!), length);
    if (needed.has(petalCos!) || needed.has(petalSin!)) {
      petals(xs, ys, view.petals, into(petalCos!), into(petalSin!), length);
    }
    if (needed.has(n1!)) waves(xs, ys, noise[0], into(n1!), length);
    if (needed.has(n2!)) waves(xs, ys, noise[1], into(n2!), length);
    if (needed.has(facet!)) {
      const out = into(facet!);
      for (let i = 0; i < length; i++) {
        let far = -Infinity;
        for (const normal of normals) {
          const along = xs[i]! * normal.x + ys[i]! * normal.y;
          if (along > far) far = along;
        }
        out[i] = far;
      }
    }
  };
}

function distance(xs: Float32Array, ys: Float32Array, fx: number, fy: number, out: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const dx = xs[i]! - fx;
    const dy = ys[i]! - fy;
    out[i] = Math.sqrt(dx * dx + dy * dy + 1e-4);
  }
}

/** cos and sin of `count` times the angle, by repeated complex multiplication; faded out at the centre. */
function petals(
  xs: Float32Array,
  ys: Float32Array,
  count: number,
  cosines: Float32Array,
  sines: Float32Array,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const r = Math.sqrt(xs[i]! * xs[i]! + ys[i]! * ys[i]! + 1e-6);
    const ux = xs[i]! / r;
    const uy = ys[i]! / r;
    let c = ux;
    let s = uy;
    for (let k = 1; k < count; k++) {
      const next = c * ux - s * uy;
      s = c * uy + s * ux;
      c = next;
    }
    const fade = (r * r) / (r * r + 0.02);
    cosines[i] = c * fade;
    sines[i] = s * fade;
  }
}

type Waves = Genome["noise"][0];

/** A slow, cloud-like field: three sine waves, each bent by the one before. About −1 to 1. */
function waves(xs: Float32Array, ys: Float32Array, [a, b, c]: Waves, out: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    const first = tableSin(a[0] * x + a[1] * y + a[2]);
    const second = tableSin(b[0] * x + b[1] * y + b[2] + 1.1 * first);
    out[i] = 0.5 * first + 0.35 * second + 0.15 * tableSin(c[0] * x + c[1] * y + c[2] + 1.3 * second);
  }
}

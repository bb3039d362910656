import { type MakeMotif, tau } from "./motif.ts";

// Motifs about a centre.

export const rings: MakeMotif = (net, random) => {
  const inward = random.chance(0.6) ? -1 : 1;
  const relief = net.add("id", [
    ["d1", inward],
    ["n1", random.range(0.04, 0.16)],
  ]);
  const drift = net.add("id", [
    ["x", random.range(-0.7, 0.7)],
    ["y", random.range(-0.7, 0.7)],
    ["n2", 0.4],
  ]);
  const tint = net.add("id", [
    ["y", random.range(-1, 1)],
    ["x", random.range(-1, 1)],
    ["n2", 0.3],
  ]);
  return {
    out: [relief, drift, tint],
    foci: [
      [random.range(-0.45, 0.45), random.range(-0.35, 0.45)],
      [random.range(-0.8, 0.8), random.range(-0.8, 0.8)],
    ],
    look: { drift: random.range(0.1, 0.4), ground: random.range(0.25, 0.5), taper: random.range(0.7, 1.1) },
  };
};

export const eclipse: MakeMotif = (net, random) => {
  const angle = random.range(0, tau);
  const one = net.add("gauss", [["d1", random.range(1.2, 1.8)]]);
  const two = net.add("gauss", [["d2", random.range(1.3, 2.2)]]);
  const relief = net.add("id", [
    [one, 1],
    [two, random.pick([-0.8, 0.8, 0.6])],
    ["n1", 0.15],
  ]);
  const drift = net.add("id", [
    ["d2", 1],
    ["n2", 0.5],
  ]);
  const tint = net.add("id", [
    ["x", Math.cos(angle)],
    ["y", Math.sin(angle)],
  ]);
  const off = random.range(0.3, 0.55);
  return {
    out: [relief, drift, tint],
    foci: [
      [off * Math.cos(angle), off * Math.sin(angle)],
      [-off * Math.cos(angle + 0.4), -off * Math.sin(angle + 0.4)],
    ],
    look: { drift: random.range(0.05, 0.4), ground: random.range(0.35, 0.55) },
  };
};

export const bloom: MakeMotif = (net, random) => {
  const lobes = net.add("id", [
    ["petalCos", random.range(0.12, 0.34)],
    ["petalSin", random.range(-0.1, 0.1)],
  ]);
  const relief = net.add("id", [
    ["r", -1],
    [lobes, 1],
    ["n1", random.range(0, 0.12)],
  ]);
  const drift = net.add("id", [
    ["petalCos", random.range(-0.8, 0.8)],
    ["petalSin", random.range(-1, 1)],
    ["n2", 0.3],
  ]);
  const tint = net.add("id", [
    ["r", 1],
    ["y", random.range(-0.5, 0.5)],
  ]);
  return {
    out: [relief, drift, tint],
    view: {
      petals: random.pick([3, 4, 5, 5, 6, 6, 7, 8]),
      angle: random.range(0, tau),
      x: random.range(-0.25, 0.25),
      y: random.range(-0.25, 0.25),
    },
    look: { drift: random.range(0.05, 0.3), ground: random.range(0.3, 0.5) },
  };
};

export const arches: MakeMotif = (net, random) => {
  const wide = random.range(0.7, 1.1);
  const relief = net.add("id", [
    ["d1", -wide],
    ["n1", random.range(0, 0.06)],
  ]);
  const drift = net.add("id", [["d2", 1]]);
  const tint = net.add("id", [
    ["y", 1],
    ["x", random.range(-0.4, 0.4)],
  ]);
  return {
    out: [relief, drift, tint],
    foci: [
      [random.range(-0.35, 0.35), random.range(0.65, 1.05)],
      [random.range(-0.9, 0.9), random.range(-0.9, 0.2)],
    ],
    view: {
      warp: [
        [0.02, 1, 0],
        [0.02, 1, 0],
      ],
    },
    look: {
      drift: random.range(0, 0.12),
      ground: random.range(0.3, 0.45),
      taper: random.range(0.8, 1.2),
      sheets: 5 + random.int(3),
    },
  };
};

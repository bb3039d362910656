import { type MakeMotif, tau } from "./motif.ts";

// Motifs that flow.

export const spiral: MakeMotif = (net, random) => {
  const twist = random.pick([-1, 1]) * random.range(2.2, 4.2);
  const sine = net.add("sin", [["r", twist]]);
  const cosine = net.add("sin", [["r", twist]], Math.PI / 2);
  const first = net.add("mul", [
    ["petalCos", 1],
    [cosine, 1],
  ]);
  const second = net.add("mul", [
    ["petalSin", 1],
    [sine, 1],
  ]);
  const relief = net.add("id", [
    [first, random.range(0.25, 0.6)],
    [second, 0.45],
    ["r", random.range(-0.9, -0.3)],
  ]);
  const drift = net.add("id", [
    ["n2", 0.6],
    ["x", 0.4],
  ]);
  const tint = net.add("id", [
    ["r", 1],
    ["n1", 0.4],
  ]);
  return {
    out: [relief, drift, tint],
    view: {
      petals: random.pick([1, 1, 2, 2, 3]),
      x: random.range(-0.35, 0.35),
      y: random.range(-0.35, 0.35),
      angle: random.range(0, tau),
    },
    look: { drift: random.range(0, 0.2) },
  };
};

export const ripples: MakeMotif = (net, random) => {
  const one = net.add("sin", [["d1", random.range(3, 5)]], random.range(0, tau));
  const two = net.add("sin", [["d2", random.range(3, 5)]], random.range(0, tau));
  const relief = net.add("id", [
    [one, 0.5],
    [two, random.range(0.3, 0.5)],
    ["y", random.range(0.2, 0.7)],
  ]);
  const drift = net.add("id", [["n2", 1]]);
  const tint = net.add("id", [
    ["d1", 1],
    ["d2", -0.7],
  ]);
  return {
    out: [relief, drift, tint],
    foci: [
      [random.range(-0.9, -0.2), random.range(-0.7, 0.7)],
      [random.range(0.2, 0.9), random.range(-0.7, 0.7)],
    ],
    look: { drift: random.range(0, 0.25), sheets: 3 + random.int(3) },
  };
};

export const veil: MakeMotif = (net, random) => {
  const fold = net.add(
    "sin",
    [
      ["y", random.range(0.9, 1.6)],
      ["n1", random.range(0.7, 1.3)],
    ],
    random.range(0, tau),
  );
  const relief = net.add(
    "sin",
    [
      ["x", random.range(1.1, 2)],
      [fold, random.range(0.8, 1.5)],
      ["y", random.range(-0.5, 0.5)],
    ],
    random.range(0, tau),
  );
  const sum = net.add("id", [
    [relief, 0.7],
    ["n2", 0.25],
    ["y", random.range(0.1, 0.6)],
  ]);
  const drift = net.add(
    "sin",
    [
      ["y", 1.4],
      ["n2", 1],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    [fold, 0.5],
    ["y", 0.6],
  ]);
  return {
    out: [sum, drift, tint],
    view: { angle: random.range(-0.8, 0.8) },
    look: {
      drift: random.range(0.1, 0.5),
      along: 1,
      tint: random.range(0.8, 1.4),
      relief: random.range(0.25, 0.7),
      keyline: 0,
      hatch: 0,
      ground: random.range(0.15, 0.3),
    },
  };
};

export const islands: MakeMotif = (net, random) => {
  const relief = net.add("id", [
    ["n1", 1],
    ["n2", random.range(0.3, 0.7)],
  ]);
  const drift = net.add(
    "sin",
    [
      ["n2", 1.6],
      ["x", random.range(-0.8, 0.8)],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["y", random.range(0.4, 1)],
    ["n2", 0.5],
  ]);
  return {
    out: [relief, drift, tint],
    view: { zoom: random.range(0.85, 1.25) },
    look: { drift: random.range(0, 0.5), ground: random.range(0.35, 0.58) },
  };
};

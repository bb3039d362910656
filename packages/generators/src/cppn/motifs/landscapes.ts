import { type MakeMotif, tau } from "./motif.ts";

// Motifs that lie: the relief rises towards the viewer, who stands below.

export const hills: MakeMotif = (net, random) => {
  const phase = random.range(0, tau);
  const swell = net.add(
    "sin",
    [
      ["x", random.range(1.1, 2)],
      ["y", random.range(-0.4, 0.4)],
    ],
    phase,
  );
  const peaks = net.add(
    "ridge",
    [
      ["x", random.range(1.6, 3)],
      ["n2", 0.5],
    ],
    random.range(0, tau),
  );
  const relief = net.add("id", [
    ["y", 1.2],
    [swell, random.range(0.18, 0.4)],
    [peaks, random.range(0.02, 0.22)],
    ["n1", 0.12],
  ]);
  const drift = net.add(
    "sin",
    [
      ["x", random.range(1.8, 3.4)],
      ["y", 0.6],
      ["n2", 0.6],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["y", 1],
    ["x", random.range(-0.5, 0.5)],
  ]);
  return {
    out: [relief, drift, tint],
    view: { angle: random.range(-0.12, 0.12) },
    look: { drift: random.range(0.25, 0.6), ground: random.range(0.3, 0.48) },
  };
};

export const dunes: MakeMotif = (net, random) => {
  const lean = random.pick([-1, 1]) * random.range(0.4, 1);
  const crest = net.add(
    "ridge",
    [
      ["x", random.range(1.1, 1.9)],
      ["y", lean],
      ["n1", 0.5],
    ],
    random.range(0, tau),
  );
  const relief = net.add("id", [
    ["y", 1.05],
    [crest, random.range(0.22, 0.42)],
    ["n2", 0.1],
  ]);
  const drift = net.add(
    "ridge",
    [
      ["x", random.range(1.3, 2.2)],
      ["y", -lean],
      ["n2", 0.4],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["x", random.pick([-1, 1])],
    ["y", random.range(0.2, 0.8)],
  ]);
  return {
    out: [relief, drift, tint],
    view: { angle: random.range(-0.15, 0.15) },
    look: { drift: random.range(0.2, 0.5), along: random.range(0, 0.4), ground: random.range(0.3, 0.5) },
  };
};

export const waves: MakeMotif = (net, random) => {
  const bend = net.add("sin", [["x", random.range(1.5, 2.6)]], random.range(0, tau));
  const relief = net.add(
    "sin",
    [
      ["y", random.range(2.2, 3.8)],
      [bend, random.range(0.6, 1.2)],
      ["x", random.range(-0.8, 0.8)],
      ["n1", 0.4],
    ],
    random.range(0, tau),
  );
  const sum = net.add("id", [
    [relief, 0.6],
    ["y", random.range(0.3, 0.9)],
  ]);
  const drift = net.add(
    "sin",
    [
      ["x", random.range(1, 2)],
      ["n2", 0.8],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["n2", 0.6],
    ["y", 0.7],
  ]);
  return {
    out: [sum, drift, tint],
    view: { angle: random.range(-0.6, 0.6) },
    look: { drift: random.range(0, 0.35) },
  };
};

export const river: MakeMotif = (net, random) => {
  const bend = net.add(
    "sin",
    [
      ["y", random.range(1.6, 2.6)],
      ["n1", 0.5],
    ],
    random.range(0, tau),
  );
  const bank = net.add(
    "soft",
    [
      ["x", random.range(1.2, 1.8)],
      [bend, random.range(0.4, 0.75)],
    ],
    random.range(-0.3, 0.3),
  );
  const relief = net.add("id", [
    [bank, random.pick([-1, 1])],
    ["n2", 0.14],
    ["y", random.range(-0.2, 0.3)],
  ]);
  const drift = net.add(
    "sin",
    [
      ["y", random.range(2, 3.5)],
      ["x", 0.8],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["y", 1],
    [bend, 0.3],
  ]);
  return {
    out: [relief, drift, tint],
    view: { angle: random.range(-0.7, 0.7) },
    look: { drift: random.range(0.1, 0.4), ground: random.range(0.2, 0.4) },
  };
};

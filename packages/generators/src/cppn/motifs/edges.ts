import { type MakeMotif, tau } from "./motif.ts";

// Motifs of straight edges: the plane is not bent, and folds are triangles instead of waves.

export const crystal: MakeMotif = (net, random) => {
  const fold = net.add(
    "tri",
    [
      ["x", random.range(0.9, 1.6)],
      ["y", random.range(-0.9, 0.9)],
    ],
    random.range(0, tau),
  );
  const relief = net.add("id", [
    ["facet", -1],
    [fold, random.range(0.1, 0.32)],
  ]);
  const drift = net.add(
    "tri",
    [
      ["x", random.range(-1.4, 1.4)],
      ["y", random.range(0.8, 1.4)],
    ],
    random.range(0, tau),
  );
  const tint = net.add(
    "tri",
    [
      ["y", random.range(0.6, 1.2)],
      ["x", random.range(-1, 1)],
    ],
    random.range(0, tau),
  );
  return {
    out: [relief, drift, tint],
    view: {
      warp: [
        [0, 1, 0],
        [0, 1, 0],
      ],
    },
    look: { drift: random.range(0.2, 0.6), ground: random.range(0.3, 0.5) },
  };
};

export const shards: MakeMotif = (net, random) => {
  const one = net.add(
    "tri",
    [
      ["x", random.range(0.9, 1.7)],
      ["y", random.range(0.5, 1.2)],
    ],
    random.range(0, tau),
  );
  const two = net.add(
    "tri",
    [
      ["x", random.range(-1.5, -0.6)],
      ["y", random.range(0.8, 1.6)],
    ],
    random.range(0, tau),
  );
  const relief = net.add("id", [
    [one, 0.6],
    [two, random.range(0.35, 0.7)],
    ["y", random.range(0, 0.6)],
  ]);
  const drift = net.add(
    "tri",
    [
      ["x", random.range(-1.2, 1.2)],
      ["y", random.range(-1.2, 1.2)],
    ],
    random.range(0, tau),
  );
  const tint = net.add("id", [
    ["x", random.range(-1, 1)],
    ["y", random.range(-1, 1)],
  ]);
  return {
    out: [relief, drift, tint],
    view: {
      warp: [
        [0, 1, 0],
        [0, 1, 0],
      ],
      zoom: random.range(0.75, 1.1),
    },
    look: { drift: random.range(0.2, 0.7), ground: random.range(0.25, 0.45) },
  };
};

import type { Activation } from "./activations.ts";
import { firstNodeId, type GenomeNode, inputNames, round4 } from "./genome.ts";

/** An input of the plane by name, or a node by its id. */
export type Source = (typeof inputNames)[number] | number;

/**
 * Puts a network together node by node; a node can only read what was there before it.
 * @param firstId id of the first node, above all that the genome has already
 */
export function net(firstId = firstNodeId) {
  const nodes: GenomeNode[] = [];
  const add = (act: Activation, sources: readonly (readonly [Source, number])[], bias = 0): number => {
    const id = firstId + nodes.length;
    nodes.push({
      id,
      act,
      bias: round4(bias),
      in: sources.map(([source, weight]) => [
        typeof source === "number" ? source : inputNames.indexOf(source),
        round4(weight),
      ]),
    });
    return id;
  };
  return { nodes, add };
}

export type Net = ReturnType<typeof net>;

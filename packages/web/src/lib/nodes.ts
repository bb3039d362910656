interface Connection<N> {
  readonly edges: readonly ({ readonly node: N | null } | null)[];
}

/** The nodes of a Relay connection, which may carry empty edges. */
export function nodesOf<N>(connection: Connection<N>): N[] {
  return connection.edges.flatMap((edge) => (edge?.node ? [edge.node] : []));
}

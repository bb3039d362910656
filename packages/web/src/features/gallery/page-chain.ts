/** One page of a list that is read page by page. */
export interface ChainPage<N> {
  readonly nodes: readonly N[];
  readonly total: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** Read from the cache while the server is asked: what follows is not asked for yet. */
  readonly stale: boolean;
}

/** What of a list is known. */
export interface ChainState<N> {
  readonly nodes: readonly N[];
  /** Undefined until the first page is there. */
  readonly total: number | undefined;
  readonly complete: boolean;
}

interface ChainDeps<N> {
  /** Follows the page after a cursor, which is told again whenever it changes. Returns how to stop. */
  readonly follow: (after: string | null, onPage: (page: ChainPage<N>) => void) => () => void;
  readonly onState: (state: ChainState<N>) => void;
  readonly idOf: (node: N) => string;
}

/**
 * A long list, read page after page as far as it is wanted. Each page stays followed, so that what is in it is always
 * current; which page a node is in does not change until the list is begun anew.
 */
export function createPageChain<N>({ follow, onState, idOf }: ChainDeps<N>) {
  const pages: { stop: () => void; after: string | null; page: ChainPage<N> | undefined }[] = [];
  let wanted = 1;
  let closed = false;

  const open = (after: string | null) => {
    const index = pages.length;
    const entry = { stop: () => {}, after, page: undefined as ChainPage<N> | undefined };
    pages.push(entry);
    const stop = follow(after, (page) => {
      if (closed || pages[index] !== entry) return;
      entry.page = page;
      // It ends elsewhere than it did: what was read after it is not what follows now.
      const next = pages[index + 1];
      if (next && (next.after !== page.endCursor || !page.hasNextPage)) {
        for (const { stop } of pages.splice(index + 1)) stop();
      }
      tell();
      goOn();
    });
    // An answer from the cache comes before `follow` has returned.
    if (closed || pages[index] !== entry) stop();
    else entry.stop = stop;
  };

  const goOn = () => {
    const last = pages.at(-1)?.page;
    if (!last || last.stale || !last.hasNextPage) return;
    if (pages.reduce((sum, { page }) => sum + (page?.nodes.length ?? 0), 0) < wanted) open(last.endCursor);
  };

  const tell = () => {
    const byId = new Map<string, N>();
    for (const { page } of pages) for (const node of page?.nodes ?? []) byId.set(idOf(node), node);
    const last = pages.at(-1)?.page;
    onState({
      nodes: [...byId.values()],
      total: pages[0]?.page?.total,
      complete: last !== undefined && !last.stale && !last.hasNextPage,
    });
  };

  open(null);
  return {
    /** Reads on until so many are there. */
    want(count: number) {
      if (count <= wanted) return;
      wanted = count;
      goOn();
    },
    close() {
      closed = true;
      for (const { stop } of pages) stop();
    },
  };
}

/** What somebody has typed and not sent, as long as the tab is open. The part of `Storage` that is needed. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "sluice draft ";

/**
 * The draft under a key, or `initial` where there is none that could still be used: another version of the dashboard
 * may have written it. An object is laid over `initial`, so what it does not know yet is there too.
 */
export function readDraft<T>(storage: DraftStorage, key: string, initial: T): T {
  const stored = parsed(tried(() => storage.getItem(PREFIX + key)));
  if (stored === undefined || kindOf(stored) !== kindOf(initial)) return initial;
  return kindOf(initial) === "object" ? { ...initial, ...stored } : (stored as T);
}

/** Keeps a draft; one that says no more than `initial` is forgotten. */
export function writeDraft<T>(storage: DraftStorage, key: string, draft: T, initial: T): void {
  const text = JSON.stringify(draft);
  if (text === undefined || text === JSON.stringify(initial)) forgetDraft(storage, key);
  // Full, or forbidden by the browser's settings: then a draft lasts as long as the page.
  else tried(() => storage.setItem(PREFIX + key, text));
}

export function forgetDraft(storage: DraftStorage, key: string): void {
  tried(() => storage.removeItem(PREFIX + key));
}

/**
 * For whoever uses the same tab next.
 *
 * @returns whether there were any
 */
export function forgetAllDrafts(storage: DraftStorage): boolean {
  const forgotten = tried(() => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    const drafts = keys.filter((key) => key?.startsWith(PREFIX) === true);
    for (const key of drafts) storage.removeItem(key as string);
    return drafts.length > 0;
  });
  return forgotten ?? false;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

function parsed(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined;
  return tried(() => JSON.parse(text) as unknown);
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

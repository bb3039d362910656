import { useSyncExternalStore } from "react";

let there = false;
const listeners = new Set<() => void>();

function found(): void {
  there = true;
  for (const listener of listeners) listener();
}

/** The address of the script that a page of the dashboard starts with. It carries a hash of what is in it. */
function entryOf(page: Document): string | null {
  return page.querySelector('script[type="module"][src]')?.getAttribute("src") ?? null;
}

/** Whether the server has another dashboard by now than the one that is open. Asks for nothing but the start page. */
async function look(): Promise<void> {
  if (there) return;
  const answer = await fetch("/", { headers: { accept: "text/html" }, cache: "no-cache" }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const theirs = entryOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (theirs !== null && theirs !== entryOf(document)) found();
}

/**
 * Notices that Sluice was updated under an open page: a server that has come back may be a new one, and a part of the
 * page that cannot be loaded any more was in an old one. Call once.
 */
export function watchForNewVersion(onReconnect: (look: () => void) => void): void {
  window.addEventListener("vite:preloadError", () => void look());
  onReconnect(() => void look());
}

/** Whether a reload would bring another version of the dashboard. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => there,
  );
}

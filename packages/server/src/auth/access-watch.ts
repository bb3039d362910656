import type { Actor } from "@sluice/engine";
import type { RequestIdentity } from "./authenticate.ts";

/** Signed out, deactivated, or the key is taken back; or else what they may do has changed. */
export type Revocation = "GONE" | "CHANGED";

/** Watches over connections that outlive the request which opened them. */
export interface AccessWatch extends Disposable {
  /**
   * Looks again and again whether `identity` is still who it was, with the rights it had, and calls `onRevoked` once
   * when it is not.
   *
   * @returns ends the watch over this connection
   */
  watch(identity: RequestIdentity, actor: Actor, onRevoked: (why: Revocation) => void): () => void;
  /** Looks at once, as after somebody has signed out here, or was given another role. */
  look(): void;
}

interface Watched {
  readonly identity: RequestIdentity;
  readonly actor: Actor;
  readonly onRevoked: (why: Revocation) => void;
}

/** A credential may be taken back in another process, or expire: nobody tells us. One cheap statement per credential. */
const INTERVAL_MS = 5_000;

export function watchAccess(authenticate: (identity: RequestIdentity) => Promise<Actor | null>): AccessWatch {
  const all = new Set<Watched>();
  let looking = false;
  let again = false;

  const check = async (): Promise<void> => {
    for (const group of byCredential(all)) {
      const [first] = group as [Watched];
      // A database that cannot be asked has taken nothing back.
      const actor = await authenticate(first.identity).catch(() => first.actor);
      const now = actor?.id === first.actor.id ? rightsOf(actor) : undefined;
      for (const each of group) {
        if (now === rightsOf(each.actor) || !all.delete(each)) continue;
        each.onRevoked(now === undefined ? "GONE" : "CHANGED");
      }
    }
  };
  const look = async (): Promise<void> => {
    again = true;
    if (looking) return;
    looking = true;
    while (again) {
      again = false;
      await check();
    }
    looking = false;
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);

  return {
    watch(identity, actor, onRevoked) {
      const watched = { identity, actor, onRevoked };
      all.add(watched);
      return () => void all.delete(watched);
    },
    look: () => void look(),
    [Symbol.dispose]() {
      clearInterval(timer);
      all.clear();
    },
  };
}

function rightsOf({ role, scopes }: Actor): string {
  return JSON.stringify([role, scopes]);
}

/** Tabs and streams of one browser share a credential, which is asked about once. */
function byCredential(all: Iterable<Watched>): Iterable<readonly Watched[]> {
  return Map.groupBy(all, ({ identity }) => JSON.stringify(identity)).values();
}

import type { Client } from "urql";
import { toastFailed } from "../../components/toast.ts";
import { readDraft, writeDraft } from "../../lib/drafts.ts";
import { createOutbox, type Outbox, type Stored } from "./outbox.ts";
import { castVote, takeVoteBack, type VotingPair } from "./vote-requests.ts";

const RETRY_MS = 3_000;
const EMPTY: Stored<VotingPair> = { waiting: [], arrived: [] };

/** Pages come and go; votes that are on their way stay with the connection they go through. */
const outboxes = new WeakMap<Client, Map<string, Outbox<VotingPair>>>();

/** The one outbox for this person's votes on this step. */
export function outboxFor(client: Client, viewerId: string, stepId: string): Outbox<VotingPair> {
  const ofClient = outboxes.get(client) ?? new Map<string, Outbox<VotingPair>>();
  outboxes.set(client, ofClient);
  const key = `votes ${viewerId} ${stepId}`;
  const known = ofClient.get(key);
  if (known) return known;
  const outbox = createOutbox<VotingPair>({
    cast: (vote) => castVote(client, vote),
    takeBack: (voteId) => takeVoteBack(client, voteId),
    untilReachable,
    load: () => readDraft(sessionStorage, key, EMPTY),
    save: (stored) => writeDraft(sessionStorage, key, stored, EMPTY),
    onUnheard: (words) => toastFailed(`Your last vote was not counted. ${words}`),
  });
  ofClient.set(key, outbox);
  return outbox;
}

/** When the browser says that it is back on the network, and every 3 s: it knows nothing of a server that restarts. */
function untilReachable(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, RETRY_MS);
    window.addEventListener("online", done);
  });
}

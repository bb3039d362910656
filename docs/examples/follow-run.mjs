// Follows one run over a WebSocket until it ends, and loses nothing when the connection or the server goes away.
//
//   npm install                                   (once, in this folder)
//   TOKEN=slt_… node follow-run.mjs        the newest run, from its first event
//   TOKEN=slt_… node follow-run.mjs <run id> [cursor]
//
// SERVER is where Sluice runs; http://127.0.0.1:4000 when it is left out.
import { CloseCode, createClient } from "graphql-ws";
import WebSocket from "ws";

const ACTIVE = ["RUNNING", "WAITING_FOR_APPROVAL"];
const server = process.env.SERVER ?? "http://127.0.0.1:4000";
const authorization = `Bearer ${process.env.TOKEN ?? ""}`;
let cursor = process.argv[3] ?? null;
let latest;
let patience;

const client = createClient({
  url: `${server.replace(/^http/, "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  // Without these two the client gives up after five attempts. Only a refused token is no use trying again.
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: (event) => event?.code !== CloseCode.Forbidden,
  // A connection that died in silence looks open for minutes: whoever does not answer a ping is let go.
  keepAlive: 10_000,
  on: {
    ping: (received) => {
      if (!received) patience = setTimeout(() => client.terminate(), 5_000);
    },
    pong: (received) => {
      if (received) clearTimeout(patience);
    },
    connected: () => console.error(`Connected; asking for what came after event ${cursor ?? 0}.`),
    closed: () => clearTimeout(patience),
  },
});

// The client sends this anew whenever it reconnects. As a getter, `variables` then carries the newest cursor, and the
// server goes on behind the last event that arrived: each event comes once, in order.
const request = (runId) => ({
  query: `
    subscription FollowRun($runId: ID!, $after: String) {
      runEvents(runId: $runId, after: $after) {
        cursor
        hasMore
        events {
          __typename seq at type
          actor { name }
          ... on RunChangedEvent { run { number status eventCursor } }
          ... on StepChangedEvent { step { position name statusLabel } }
          ... on ApprovalEvent { step { position name } approval { status topK comment } }
          ... on CandidateEvent { step { position name statusLabel } }
          ... on JobEvent { step { position name } message }
          ... on AlertEvent { alert { message } }
        }
      }
    }`,
  get variables() {
    return { runId, after: cursor };
  },
});

try {
  const run = await follow(process.argv[2] ?? (await newestRun()));
  console.error(`Run #${run.number} is ${run.status} at event ${cursor}.`);
} catch (error) {
  if (error?.code === CloseCode.Forbidden) console.error("The token was refused. `npm run sluice -- token` makes one.");
  else if (error instanceof TypeError && error.cause)
    console.error(
      `Nothing answers at ${server} (${error.cause.code}). Start Sluice, or say with SERVER where it runs.`,
    );
  else if (Array.isArray(error)) console.error(error.map(({ message }) => message).join("\n"));
  else console.error(error?.message ?? error);
  process.exitCode = 1;
}
await client.dispose();

/** Prints events until the run has ended and its last one is printed. */
async function follow(runId) {
  for await (const { data, errors } of client.iterate(request(runId))) {
    if (errors) throw errors;
    const { events, hasMore } = data.runEvents;
    // Events carry steps and runs as they are now, not as they were then. So what they say of them is true of the
    // newest event about each; before it, and in a batch that more is to follow, it would be today's news on an old date.
    const isNewest = (event) => !hasMore && events.findLast((other) => subject(other) === subject(event)) === event;
    for (const event of events) console.log(describe(event, isNewest(event)));
    cursor = data.runEvents.cursor;
    // For the same reason, while an old log is replayed, the end shows before it is reached.
    const run = events.findLast((event) => event.run)?.run ?? latest;
    latest = run;
    if (run && !ACTIVE.includes(run.status) && run.eventCursor === cursor) return run;
  }
}

/** What an event is about: one of the steps, or the run. */
function subject({ step }) {
  return step?.position ?? "run";
}

function describe({ seq, at, type, actor, step, run, approval, alert, message }, current) {
  const where = step && `step ${step.position} (${step.name})`;
  const state = current && (step?.statusLabel ?? run?.status);
  // K and comment belong to the decision, not to the request before it.
  const decision = type === "approval_requested" ? [] : [approval?.topK && `K=${approval.topK}`, approval?.comment];
  const words = [where, state, ...decision, alert?.message, message].filter(Boolean).join(", ");
  return [String(seq).padStart(5), at, type.padEnd(20), actor?.name ?? "-", words].join("  ").trimEnd();
}

async function newestRun() {
  const answer = await fetch(`${server}/graphql`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ runs(first: 1) { edges { node { id } } } }" }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw errors;
  const id = data.runs.edges[0]?.node.id;
  if (!id) throw new Error("There is no run yet. Create one first.");
  return id;
}

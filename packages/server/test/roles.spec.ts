import { may, RIGHTS, type Right, ROLES, type Role } from "@sluice/engine";
import type { Client } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Operation, operations } from "./kit/operations.ts";
import { openSocket } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Somebody of each role, and an owner's API key for each single scope. */
interface Caller {
  readonly title: string;
  readonly role: Role;
  readonly scopes: readonly Right[] | null;
}

const CALLERS: readonly Caller[] = [
  ...ROLES.map((role) => ({ title: `role ${role}`, role, scopes: null })),
  ...RIGHTS.map((right) => ({ title: `key for ${right}`, role: "OWNER" as const, scopes: [right] })),
];

const OPERATIONS = operations();
const requests = OPERATIONS.filter(({ kind }) => kind !== "subscription");
const subscriptions = OPERATIONS.filter(({ kind }) => kind === "subscription");

/** A key that was narrowed does not widen itself: it makes no links that do more, and does not change whose it is. */
const NOT_BY_NARROWED_KEYS: ReadonlySet<string> = new Set(["createApiKey", "createDecisionLink", "updateProfile"]);
/** No key makes another, which would outlive it: who is signed in does. */
const NOT_BY_KEYS: ReadonlySet<string> = new Set(["createApiKey"]);

type Answer = "refused" | "let in";

const tokenOf = ({ title, role, scopes }: Caller): Promise<string> =>
  kit.token(title, { role, ...(scopes && { scopes }) });

interface Result {
  readonly data?: Readonly<Record<string, { readonly __typename?: string } | null>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

function answerOf({ title, kind, field }: Operation, { data, errors = [] }: Result): Answer {
  if (errors.some(({ extensions }) => extensions?.code === "FORBIDDEN")) {
    // A mutation says so in its answer's type.
    expect(kind, `${title}: ${JSON.stringify(errors)}`).not.toBe("mutation");
    return "refused";
  }
  for (const { extensions, message } of errors) {
    expect(extensions?.code, `${title}: ${message}`).not.toBe("INTERNAL_SERVER_ERROR");
    expect(extensions?.code, `${title}: ${message}`).not.toBe("GRAPHQL_VALIDATION_FAILED");
  }
  return data?.[field]?.__typename === "ForbiddenError" ? "refused" : "let in";
}

async function request(caller: Caller, operation: Operation): Promise<Answer> {
  const { title, role, scopes } = caller;
  const credentials: Record<string, string> =
    scopes === null && NOT_BY_KEYS.has(operation.field)
      ? { cookie: await kit.people.session(`${title}, signed in`, { role }) }
      : { authorization: `Bearer ${await tokenOf(caller)}` };
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { ...credentials, "content-type": "application/json" },
    body: JSON.stringify({ query: operation.document }),
  });
  return answerOf(operation, (await response.json()) as Result);
}

/** So many that a refusal, which is on its way before them, has come by then on a busy machine too. */
const FURTHER_QUESTIONS = 25;

/** A refusal is the first that is heard. Who has heard none after asking for more, and getting that, was let in. */
async function follow(client: Client, operation: Operation): Promise<Answer> {
  const heard = Promise.withResolvers<Answer>();
  const stop = client.subscribe(
    { query: operation.document },
    {
      next: (result) => heard.resolve(answerOf(operation, result as Result)),
      error: (errors) => heard.resolve(answerOf(operation, { errors: errors as NonNullable<Result["errors"]> })),
      complete: () => heard.resolve("let in"),
    },
  );
  const more = async (): Promise<Answer> => {
    for (let count = 0; count < FURTHER_QUESTIONS; count++) await firstOf(client, "{ viewer { name } }");
    return "let in";
  };
  try {
    return await Promise.race([heard.promise, more()]);
  } finally {
    stop();
  }
}

/** Whatever comes first. */
async function firstOf(client: Client, query: string): Promise<unknown> {
  return await new Promise((resolve) => {
    client.subscribe({ query }, { next: resolve, error: resolve, complete: () => {} });
  });
}

function isLetIn(caller: Caller, { field, right }: Operation): boolean {
  if (caller.scopes !== null && NOT_BY_NARROWED_KEYS.has(field)) return false;
  return right !== null && may(caller, right);
}

/** What each operation answers to each caller, beside what its rule says. */
async function table(
  all: readonly Operation[],
  answer: (caller: Caller, operation: Operation) => Promise<Answer>,
): Promise<{ found: string[]; expected: string[] }> {
  const [found, expected]: [string[], string[]] = [[], []];
  for (const caller of CALLERS) {
    for (const operation of all) {
      const row = `${operation.title}, ${caller.title}:`;
      found.push(`${row} ${await answer(caller, operation)}`);
      expected.push(`${row} ${isLetIn(caller, operation) ? "let in" : "refused"}`);
    }
  }
  return { found, expected };
}

describe("who may do what", () => {
  it("F2, F17: every operation of the schema has one rule", () => {
    expect(OPERATIONS.filter(({ right }) => right === null).map(({ title }) => title)).toEqual([]);
    expect(OPERATIONS.length).toBeGreaterThan(40);
  });

  it("F2, F17: each query and mutation lets in exactly those whom its rule names, of all roles and scopes", async () => {
    const { found, expected } = await table(requests, request);
    expect(found).toEqual(expected);
  });

  it("F2, F17: each subscription lets in exactly those whom its rule names, over a WebSocket", async () => {
    const clients = new Map<string, Client>();
    try {
      for (const caller of CALLERS) {
        await tokenOf(caller);
        clients.set(caller.title, await clientOf(caller));
      }
      const { found, expected } = await table(subscriptions, (caller, operation) =>
        follow(clients.get(caller.title) as Client, operation),
      );
      expect(found).toEqual(expected);
    } finally {
      for (const client of clients.values()) await client.dispose();
    }
  });
});

async function clientOf(caller: Caller): Promise<Client> {
  const token = await tokenOf(caller);
  return (await openSocket({ url: kit.url, token: () => Promise.resolve(token) }, caller.title, kit.url)).client;
}

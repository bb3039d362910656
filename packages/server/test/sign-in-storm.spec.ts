import { afterAll, beforeAll, expect, it } from "vitest";
import { hashPassword } from "../src/auth/passwords.ts";
import { SIGN_IN_LIMITS } from "../src/auth/sign-in-turns.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

const PASSWORD = "correct horse battery";
/** More at one moment than the server lets wait. */
const MANY = 101;
/** Of them with a password, the others by link: hashing takes a while. */
const PEOPLE = 8;

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
  const hash = await hashPassword(kit.server.auth, PASSWORD);
  await kit.db.query(
    `WITH person AS (
       INSERT INTO actors (name, name_key, email, email_verified, kind)
       SELECT 'person ' || i, 'person ' || i, i || '@example.org', true, 'PERSON' FROM generate_series(1, ${PEOPLE}) i
       RETURNING id
     ) INSERT INTO accounts (actor_id, account_id, provider_id, password)
       SELECT id, id::text, 'credential', $1 FROM person`,
    [hash],
  );
  // Signing in takes as long as the test says: as a database does that has too much to do.
  await kit.db.query(`CREATE TABLE held_sign_ins (since timestamptz)`);
  await kit.db.query(
    `CREATE FUNCTION wait_to_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       WHILE EXISTS (SELECT FROM held_sign_ins) LOOP PERFORM pg_sleep(0.02); END LOOP;
       RETURN NEW;
     END $$`,
  );
  await kit.db.query(`CREATE TRIGGER hold BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION wait_to_sign_in()`);
});
afterAll(() => kit[Symbol.asyncDispose]());

type Form = Readonly<Record<string, string>>;

const signIn = (form: Form) =>
  fetch(`${kit.url}/sign-in`, { method: "POST", redirect: "manual", body: new URLSearchParams(form) });

/** Sends so many sign-ins at one moment, each with what `form` gives for its number from 1. */
function storm(form: (number: number) => Form): Storm {
  const waiting = new Set<Promise<Response>>();
  const refused: Response[] = [];
  const all = Array.from({ length: MANY }, async (_, index) => {
    const sent = signIn(form(index + 1));
    waiting.add(sent);
    const answer = await sent;
    waiting.delete(sent);
    if (answer.status === 429) refused.push(answer);
    return answer;
  });
  return { waiting, refused, all: Promise.all(all) };
}

interface Storm {
  readonly waiting: ReadonlySet<unknown>;
  readonly refused: readonly Response[];
  readonly all: Promise<readonly Response[]>;
}

const refusedOf = MANY - SIGN_IN_LIMITS.inAll;

it("101 who sign in at one moment wait in a short line or are told to come again, and the API answers meanwhile", async () => {
  const numbers = Array.from({ length: MANY + 1 }, (_, number) => number);
  const links = await Promise.all(numbers.map((number) => kit.people.signInLink(`guest ${number}`)));
  const form = (number: number): Form =>
    number <= PEOPLE ? { email: `${number}@example.org`, password: PASSWORD } : { token: links[number] as string };
  await kit.token();
  await kit.db.query(`INSERT INTO held_sign_ins VALUES (now())`);
  const { waiting, refused, all } = storm(form);

  // As many as may wait do so until the test lets them through: whatever else is answered, is answered beside them.
  await expect.poll(() => refused.length).toBe(refusedOf);
  expect(waiting.size).toBe(SIGN_IN_LIMITS.inAll);
  for (let time = 0; time < 10; time++) await kit.graphql("{ viewer { name } runs { totalCount } }");
  const held = await kit.db.one<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
  );
  expect(held.count).toBeLessThanOrEqual(SIGN_IN_LIMITS.atOnce);
  expect(waiting.size).toBe(SIGN_IN_LIMITS.inAll);

  for (const answer of refused) {
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).toContain("Many people are signing in right now. Try again in a few seconds.");
  }
  await kit.db.query(`DELETE FROM held_sign_ins`);
  const statuses = (await all).map(({ status }) => status);
  expect(statuses.filter((status) => status === 303)).toHaveLength(SIGN_IN_LIMITS.inAll);

  // Those who were told so come again, and nothing was counted against them or used up.
  const again = statuses.flatMap((status, index) => (status === 429 ? [index + 1] : [])).slice(0, 5);
  for (const number of again) expect((await signIn(form(number))).status).toBe(303);
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});

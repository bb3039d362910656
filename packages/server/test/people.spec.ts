import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type Actor, LastOwnerError } from "@sluice/engine";
import { databaseId } from "@sluice/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeRole, deactivatePerson } from "../src/auth/people.ts";
import { rawSocket } from "./kit/raw-socket.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

/** Of the moment before: both commands are past the check of who may. */
const owner: Actor = { id: 0, name: "owner", role: "OWNER", scopes: null, channel: "DASHBOARD" };

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
  await kit.people.session("ada");
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Outcome {
  readonly __typename: string;
  readonly message?: string;
  readonly field?: string;
}

/** Runs a mutation whose input is given as text; answers with what came of it. */
async function change(field: string, input: string, as = "ada", more = ""): Promise<Outcome & Record<string, never>> {
  const ofInput = ["revokeInvitation", "reactivatePerson"].includes(field) ? "" : "... on InvalidInputError { field }";
  const union = `... on Error { message } ${ofInput}`;
  const answer = await kit.graphql<Record<string, Outcome>>(
    `mutation { ${field}(input: { ${input} }) { __typename ${union} ${more} } }`,
    {},
    { as },
  );
  return answer[field] as Outcome & Record<string, never>;
}

async function idOf(name: string): Promise<string> {
  type People = { people: { edges: { node: { id: string; name: string } }[] } };
  const { people } = await kit.graphql<People>(
    `{ people(first: 100, includeDeactivated: true) { edges { node { id name } } } }`,
  );
  return people.edges.find(({ node }) => node.name === name)?.node.id as string;
}

/** What whoever shows these credentials is told about themselves; the status where they are told nothing. */
async function viewer(headers: { readonly [name: string]: string }): Promise<unknown> {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: "{ viewer { name role rights email hasPassword } }" }),
  });
  if (response.status !== 200) return response.status;
  return ((await response.json()) as { data: { viewer: unknown } }).data.viewer;
}

async function as(session: string, mutation: string): Promise<Outcome> {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: session },
    body: JSON.stringify({
      query: `mutation { outcome: ${mutation} { __typename ... on Error { message } ... on InvalidInputError { field } } }`,
    }),
  });
  return ((await response.json()) as { data: { outcome: Outcome } }).data.outcome;
}

const post = (path: string, form: { readonly [name: string]: string }) =>
  fetch(`${kit.url}${path}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
    headers: { origin: kit.url },
  });
/** The same from another address of this machine; the status that is answered. */
const postFrom = async (localAddress: string, path: string, form: { readonly [name: string]: string }) => {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: kit.url };
  const sent = request(`${kit.url}${path}`, { method: "POST", localAddress, headers, agent: false });
  sent.end(String(new URLSearchParams(form)));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
};
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(";")[0] as string;
const PASSWORD = "correct horse battery";

/** The token of a fresh invitation. */
async function invitation(input = "role: VOTER"): Promise<string> {
  const { url } = (await change("invitePerson", input, "ada", "... on InvitePersonSuccess { url }")) as never;
  return new URL(url).searchParams.get("token") as string;
}

/** Somebody who came by an invitation, as their session. */
async function joined(name: string, role: string): Promise<string> {
  const token = await invitation(`role: ${role}`);
  return cookieOf(await post("/invitation", { token, name, email: `${name}@example.org`, password: PASSWORD }));
}

describe("an invitation", () => {
  it("changes nothing when it is opened, and makes one person with its role when it is accepted", async () => {
    const token = await invitation("role: APPROVER");
    for (let time = 0; time < 2; time++) {
      const page = await fetch(`${kit.url}/invitation?token=${token}`);
      expect([page.status, page.headers.getSetCookie()]).toEqual([200, []]);
      expect(await page.text()).toContain("ada invites you to compare candidates and decide gates");
    }
    const form = { token, name: "grace", email: "Grace@Example.org", password: PASSWORD };
    const accepted = await post("/invitation", form);
    expect([accepted.status, accepted.headers.get("location")]).toEqual([303, "/"]);
    expect(await viewer({ cookie: cookieOf(accepted) })).toEqual({
      name: "grace",
      role: "APPROVER",
      rights: ["VIEW", "VOTE", "DECIDE"],
      email: "grace@example.org",
      hasPassword: true,
    });
    const again = await post("/invitation", { ...form, name: "eve", email: "eve@example.org" });
    expect([again.status, again.headers.getSetCookie()]).toEqual([403, []]);
    expect(await idOf("eve")).toBeUndefined();
  });

  it("lets one in of several who accept it at the same time", async () => {
    const token = await invitation();
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        post("/invitation", { token, name: `twin ${n}`, email: `twin${n}@example.org`, password: PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 403, 403]);
    const ids = await Promise.all([1, 2, 3].map((n) => idOf(`twin ${n}`)));
    expect(ids.filter(Boolean)).toHaveLength(1);
  });

  it.each([
    ["a name that somebody has", { name: "ada" }, "Somebody has this name"],
    ["a name of spaces", { name: "  " }, "Say a name"],
    ["a name that means a role", { name: "role:owner" }, "cannot begin with"],
    ["a name that somebody has in another case", { name: "Ada" }, "Somebody has this name"],
    ["the name of SLUICE_ADMIN_TOKEN", { name: "Admin  Token" }, "Choose another"],
    ["a name like an address", { name: "ada@example.org" }, "for an email address"],
    ["a weak password", { password: "short" }, "at least 10 characters"],
    ["a password of one letter", { password: "aaaaaaaaaaaaaa" }, "so few different characters"],
    ["no address", { email: "nobody" }, "no email address"],
  ])("says on its page what is wrong with %s, and keeps what was written", async (_what, wrong, message) => {
    const token = await invitation();
    const form = { token, name: "linus", email: "linus@example.org", password: PASSWORD };
    const response = await post("/invitation", { ...form, ...wrong });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain(message);
    expect(page).toContain("email" in wrong ? 'value="linus"' : 'value="linus@example.org"');
    expect(page).not.toContain(PASSWORD);
    expect((await fetch(`${kit.url}/invitation?token=${token}`)).status).toBe(200);
  });

  it("gives the name and the address that an owner wrote, whatever is sent instead", async () => {
    const token = await invitation(`role: VOTER, name: "Rosa", email: "rosa@example.org"`);
    const form = { token, name: "mallory", email: "mallory@example.org", password: PASSWORD };
    expect(await viewer({ cookie: cookieOf(await post("/invitation", form)) })).toMatchObject({
      name: "Rosa",
      email: "rosa@example.org",
    });
  });

  it("tells whom it names, when somebody has that name meanwhile, to ask for another", async () => {
    const token = await invitation(`role: VOTER, name: "Uma"`);
    await kit.token("Uma", { role: "VOTER" });
    const response = await post("/invitation", { token, email: "uma@example.org", password: PASSWORD });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain("Ask whoever invited you for a new one");
    expect(page).not.toContain("Choose another");
  });

  it.each([
    ["a policy of a pipeline names", "Boss of One"],
    ["somebody had before", "formerly"],
    ["another invitation gives", "awaited"],
  ])("gives no name by choice that %s, but does where an owner wrote it", async (_what, name) => {
    const yaml = `pipelines:
  - name: named
    steps:
      - { name: One, type: generate, generator: grammar, gate: manual, approvers: [boss of one] }`;
    await kit.graphql(`mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) { __typename } }`, { yaml });
    if (name === "formerly") {
      await joined("formerly", "VOTER");
      await change("renamePerson", `personId: "${await idOf("formerly")}", name: "now"`);
    }
    const invitedAs = name === "awaited" ? await invitation(`role: VOTER, name: "Awaited"`) : undefined;
    const form = { name, email: `${name.replaceAll(" ", ".")}.else@example.org`, password: PASSWORD };
    const chosen = await post("/invitation", { ...form, token: await invitation("role: APPROVER") });
    expect(chosen.status).toBe(422);
    expect(await chosen.text()).toContain("An owner has to give you this name: ask for an invitation with it.");
    const given = invitedAs ?? (await invitation(`role: VOTER, name: "${name}"`));
    expect((await post("/invitation", { ...form, token: given })).status).toBe(303);
  });

  it("ends with the rights of the owner who made it, whether demoted or deactivated", async () => {
    for (const [name, end] of [
      ["olive", (id: string) => change("changeRole", `personId: "${id}", role: OPERATOR`)],
      ["opal", (id: string) => change("deactivatePerson", `personId: "${id}"`)],
    ] as const) {
      const owner = await kit.people.session(name, { role: "OWNER" });
      const body = JSON.stringify({
        query: `mutation { invitePerson(input: { role: OWNER }) { ... on InvitePersonSuccess { url } } }`,
      });
      const headers = { "content-type": "application/json", cookie: owner };
      const tokens = await Promise.all(
        [1, 2].map(async () => {
          const response = await fetch(`${kit.url}/graphql`, { method: "POST", headers, body });
          const { data } = (await response.json()) as { data: { invitePerson: { url: string } } };
          return new URL(data.invitePerson.url).searchParams.get("token") as string;
        }),
      );
      expect((await end(await idOf(name))).message).toBeUndefined();
      const sql = `SELECT count(*)::int AS n FROM invitations i JOIN actors a ON a.id = i.invited_by_id
                   WHERE a.name = $1 AND i.revoked_at IS NOT NULL`;
      expect(await kit.db.one(sql, [name])).toEqual({ n: 2 });
      // Where somebody lost their rights in another way, the invitation is none either.
      await kit.db.query(`UPDATE invitations SET revoked_at = NULL`);
      for (const token of tokens) {
        expect((await fetch(`${kit.url}/invitation?token=${token}`)).status).toBe(404);
        const form = { token, name: "left over", email: "left.over@example.org", password: PASSWORD };
        expect((await post("/invitation", form)).status).toBe(403);
      }
    }
  });

  it("with an address that an owner wrote takes it from who only claimed it", async () => {
    const squatter = await joined("squatter", "VIEWER");
    const claim = (email: string, session: string) =>
      as(session, `updateProfile(input: { email: "${email}", currentPassword: "${PASSWORD}" })`);
    expect((await claim("awaited2@example.org", squatter)).__typename).toBe("UpdateProfileSuccess");
    const token = await invitation(`role: VOTER, email: "awaited2@example.org"`);
    const accepted = await post("/invitation", { token, name: "newcomer", password: PASSWORD });
    expect(await viewer({ cookie: cookieOf(accepted) })).toMatchObject({
      name: "newcomer",
      email: "awaited2@example.org",
    });
    expect(await viewer({ cookie: squatter })).toMatchObject({ name: "squatter", email: null });
    // Nobody who is no owner learns whose it is.
    const refused = await as(
      await kit.people.session("curious", { role: "VIEWER" }),
      `updateProfile(input: { email: "awaited2@example.org" })`,
    );
    expect(refused).toMatchObject({ field: "email", message: "This address cannot be used." });
  });

  it("is nothing any more when it is revoked or has expired", async () => {
    type Invitations = { invitations: { edges: { node: { id: string; status: string } }[] } };
    const list = (args = "") =>
      kit.graphql<Invitations>(`{ invitations${args} { edges { node { id status role invitedBy { name } } } } }`);
    const revoked = await invitation();
    const [newest] = (await list()).invitations.edges;
    expect(newest?.node).toMatchObject({ status: "OPEN", role: "VOTER", invitedBy: { name: "ada" } });
    const revoke = () => change("revokeInvitation", `invitationId: "${newest?.node.id}"`);
    expect((await revoke()).__typename).toBe("RevokeInvitationSuccess");
    expect((await revoke()).__typename).toBe("NotFoundError");
    expect((await list()).invitations.edges.map(({ node }) => node.id)).not.toContain(newest?.node.id);
    expect((await list("(includeAll: true)")).invitations.edges[0]?.node.status).toBe("REVOKED");

    const expired = await invitation();
    await kit.db.query(`UPDATE invitations SET expires_at = now() WHERE id = (SELECT max(id) FROM invitations)`);
    for (const token of [revoked, expired, "sli_unknown", ""]) {
      expect((await fetch(`${kit.url}/invitation?token=${token}`)).status).toBe(404);
      const form = { token, name: "late", email: "late@example.org", password: PASSWORD };
      expect((await post("/invitation", form)).status).toBe(403);
    }
    expect(await idOf("late")).toBeUndefined();
  });

  it("is refused for a name or an address that somebody has, and kept as a hash alone", async () => {
    expect(await change("invitePerson", `role: VOTER, name: "ada"`)).toMatchObject({ field: "name" });
    await invitation(`role: VOTER, name: "Dora", email: "dora@example.org"`);
    for (const [field, again] of [
      ["name", `role: VOTER, name: "Dora"`],
      ["email", `role: OWNER, email: "DORA@example.org"`],
    ] as const) {
      const twice = await change("invitePerson", again);
      expect(twice).toMatchObject({ field, message: expect.stringContaining("There is an open invitation for this") });
    }
    const token = await invitation();
    const sql = `SELECT count(*)::int AS n FROM invitations i WHERE to_jsonb(i)::text LIKE '%' || $1 || '%'`;
    expect(await kit.db.one(sql, [token])).toEqual({ n: 0 });
  });
});

describe("a password", () => {
  it("signs in with the address in any case, and with nothing else", async () => {
    await joined("barbara", "VIEWER");
    const right = await post("/sign-in", { email: "Barbara@example.ORG", password: PASSWORD });
    expect([right.status, right.headers.get("location")]).toEqual([303, "/"]);
    expect(await viewer({ cookie: cookieOf(right) })).toMatchObject({ name: "barbara", rights: ["VIEW"] });

    const wrong = await post("/sign-in", { email: "barbara@example.org", password: `${PASSWORD}!` });
    const unknown = await post("/sign-in", { email: "nobody@example.org", password: PASSWORD });
    expect([wrong.status, unknown.status]).toEqual([403, 403]);
    expect(wrong.headers.getSetCookie()).toEqual([]);
    expect(await wrong.text()).toBe((await unknown.text()).replace("nobody@", "barbara@"));
  });

  it("cannot be guessed: after ten wrong ones the right one has to wait, from that place alone", async () => {
    await joined("margaret", "VIEWER");
    const guess = (password: string) => post("/sign-in", { email: "margaret@example.org", password });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(`wrong number ${n}`)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    const waits = answers.flatMap(({ headers }) => headers.get("retry-after") ?? []).map(Number);
    expect(Math.max(...waits)).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10);
    expect((await post("/sign-in", { email: "barbara@example.org", password: PASSWORD })).status).toBe(303);
    const form = { email: "margaret@example.org", password: PASSWORD };
    expect(await postFrom("127.0.0.2", "/sign-in", form)).toBe(303);
  });

  it("is asked of everybody, however many wrong ones came from the machine of a proxy", async () => {
    // Ten at a time: each costs as much as a password's hash, and two are made at once.
    for (let tens = 0; tens <= 100; tens += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          post("/sign-in", { email: `nobody${tens + n}@example.org`, password: "x" }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    }
    expect((await post("/sign-in", { email: "barbara@example.org", password: PASSWORD })).status).toBe(303);
  }, 300_000);

  it("is set by whoever came by a link, and changed with the current one; other sessions end then", async () => {
    const [first, other] = [await kit.people.session("joan"), await kit.people.session("joan")];
    const set = `updateProfile(input: { email: "joan@example.org", password: "${PASSWORD}" })`;
    expect(await as(first, set)).toEqual({ __typename: "UpdateProfileSuccess" });
    expect(await viewer({ cookie: other })).toBe(401);
    const session = cookieOf(await post("/sign-in", { email: "joan@example.org", password: PASSWORD }));

    const link = await kit.people.signInLink("joan");
    const next = "another good password";
    const changeTo = (current: string) =>
      as(session, `updateProfile(input: { password: "${next}", currentPassword: "${current}" })`);
    expect(await changeTo("")).toMatchObject({ field: "currentPassword" });
    expect(await changeTo("not it")).toMatchObject({ field: "currentPassword" });
    expect(await as(session, `updateProfile(input: { email: "eve@example.org" })`)).toMatchObject({
      field: "currentPassword",
    });
    expect(await changeTo(PASSWORD)).toEqual({ __typename: "UpdateProfileSuccess" });
    expect(await viewer({ cookie: session })).toMatchObject({ name: "joan" });
    expect(await viewer({ cookie: first })).toBe(401);
    expect((await post("/sign-in", { token: link })).status).toBe(403);
    expect((await post("/sign-in", { email: "joan@example.org", password: PASSWORD })).status).toBe(403);
    expect((await post("/sign-in", { email: "joan@example.org", password: next })).status).toBe(303);
  });

  it("is not set by an API key, which may have leaked", async () => {
    const set = `password: "${PASSWORD}", email: "bot@example.org"`;
    expect((await change("updateProfile", set, "bot")).__typename).toBe("ForbiddenError");
    expect((await change("updateProfile", "emailNotifications: false", "bot")).__typename).toBe("UpdateProfileSuccess");
  });

  it("is refused when it is weak, or the address is somebody's", async () => {
    const session = await kit.people.session("edith");
    expect(await as(session, `updateProfile(input: { password: "short" })`)).toMatchObject({ field: "password" });
    expect(await as(session, `updateProfile(input: { email: "barbara@example.org" })`)).toMatchObject({
      field: "email",
    });
  });
});

describe("roles", () => {
  it("are given by owners alone", async () => {
    await joined("mary", "VIEWER");
    const operator = await joined("hedy", "OPERATOR");
    const id = await idOf("mary");
    const give = `changeRole(input: { personId: "${id}", role: OWNER })`;
    expect((await as(operator, give)).__typename).toBe("ForbiddenError");
    expect((await as(operator, `invitePerson(input: { role: OWNER })`)).__typename).toBe("ForbiddenError");
    expect((await as(operator, `deactivatePerson(input: { personId: "${id}" })`)).__typename).toBe("ForbiddenError");
    expect((await change("changeRole", `personId: "${id}", role: VOTER`)).__typename).toBe("ChangeRoleSuccess");
    expect((await change("changeRole", `personId: "nobody", role: VOTER`)).__typename).toBe("NotFoundError");
  });

  it("end what somebody has open when they change, for them to come back with the new one", async () => {
    const cookie = await joined("radia", "OPERATOR");
    using socket = await rawSocket(kit, { cookie });
    socket.subscribe("1", "subscription { runsChanged { id } }");
    await change("changeRole", `personId: "${await idOf("radia")}", role: VIEWER`);
    expect(await socket.closed).toEqual({ code: 1013, reason: "Your rights have changed" });
    expect(await viewer({ cookie })).toMatchObject({ role: "VIEWER", rights: ["VIEW"] });
  });

  it("are shown to everybody, but addresses to owners and oneself", async () => {
    const cookie = await joined("karen", "VIEWER");
    const emails = async (headers: { readonly [name: string]: string }) => {
      const response = await fetch(`${kit.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ query: "{ people(first: 100) { edges { node { name email } } } }" }),
      });
      const { data } = (await response.json()) as {
        data: { people: { edges: { node: { name: string; email: string | null } }[] } };
      };
      return Object.fromEntries(data.people.edges.map(({ node }) => [node.name, node.email]));
    };
    expect(await emails({ cookie })).toMatchObject({ karen: "karen@example.org", barbara: null });
    const authorization = `Bearer ${await kit.token("ada")}`;
    expect(await emails({ authorization })).toMatchObject({
      karen: "karen@example.org",
      barbara: "barbara@example.org",
    });
  });

  it("cannot be talked around by taking a name that policies know", async () => {
    const cookie = await joined("ida", "APPROVER");
    expect((await as(cookie, `updateProfile(input: { name: "boss" })`)).__typename).toBe("ForbiddenError");
    const id = await idOf("ida");
    expect((await as(cookie, `renamePerson(input: { personId: "${id}", name: "boss" })`)).__typename).toBe(
      "ForbiddenError",
    );
    expect((await change("renamePerson", `personId: "${id}", name: "ida b"`)).__typename).toBe("RenamePersonSuccess");
    expect(await change("renamePerson", `personId: "${id}", name: "barbara"`)).toMatchObject({ field: "name" });
  });
});

it("G12: a policy that names an address means who was vouched for, not who wrote it for themselves", async () => {
  const yaml = `pipelines:
  - name: vouched
    steps:
      - { name: One, type: generate, generator: grammar, gate: manual, approvers: [boss@example.org] }`;
  const applied = await kit.graphql<{ applyPipelines: { __typename: string } }>(
    `mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) { __typename ... on Error { message } } }`,
    { yaml },
  );
  expect(applied.applyPipelines).toEqual({ __typename: "ApplyPipelinesSuccess" });
  type Run = { createRun: { run: { steps: { id: string }[] } } };
  const { createRun } = await kit.graphql<Run>(
    `mutation { createRun(input: { pipeline: "vouched", prompt: "x" }) { ... on CreateRunSuccess { run { steps { id } } } } }`,
  );
  const session = await kit.people.session("mallory", { role: "APPROVER" });
  const written = await as(session, `updateProfile(input: { email: "boss@example.org" })`);
  expect(written.__typename).toBe("UpdateProfileSuccess");
  const approve = () => as(session, `approveStep(input: { stepId: "${createRun.run.steps[0]?.id}" })`);
  expect(await approve()).toMatchObject({
    __typename: "ForbiddenError",
    message: expect.stringContaining("not among"),
  });

  const id = await idOf("mallory");
  const confirmed = (email: string) =>
    kit.graphql(
      `mutation ($id: ID!, $email: String!) { confirmEmail(input: { personId: $id, email: $email }) { __typename } }`,
      { id, email },
    );
  expect(await confirmed("a\0b")).toEqual({ confirmEmail: { __typename: "NotFoundError" } });
  expect(await confirmed("other@example.org")).toEqual({ confirmEmail: { __typename: "NotFoundError" } });
  expect(await confirmed("boss@example.org")).toEqual({ confirmEmail: { __typename: "ConfirmEmailSuccess" } });
  expect((await approve()).__typename).not.toBe("ForbiddenError");
});

describe("somebody who is deactivated", () => {
  it("has nothing left, cannot come in, and is let in again when reactivated", async () => {
    const cookie = await joined("sophie", "OPERATOR");
    const authorization = `Bearer ${await kit.token("sophie")}`;
    using socket = await rawSocket(kit, { cookie });
    const id = await idOf("sophie");
    expect((await change("deactivatePerson", `personId: "${id}"`)).__typename).toBe("DeactivatePersonSuccess");
    expect((await socket.closed).code).toBe(4403);
    expect([await viewer({ cookie }), await viewer({ authorization })]).toEqual([401, 401]);
    const form = { email: "sophie@example.org", password: PASSWORD };
    const refused = await post("/sign-in", form);
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []]);
    expect(await refused.text()).toContain("You are deactivated here");
    await expect(kit.people.signInLink("sophie")).rejects.toThrow("deactivated");

    expect((await change("reactivatePerson", `personId: "${id}"`)).__typename).toBe("ReactivatePersonSuccess");
    expect(await viewer({ cookie })).toBe(401);
    expect(await viewer({ authorization })).toMatchObject({ name: "sophie" });
    expect((await post("/sign-in", form)).status).toBe(303);
  });

  it("is not signed in by a link from before", async () => {
    const token = await kit.people.signInLink("hypatia");
    await change("deactivatePerson", `personId: "${await idOf("hypatia")}"`);
    const refused = await post("/sign-in", { token });
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []]);
  });
});

describe("the last owner", () => {
  /** Leaves these as the only people who own this place. */
  async function onlyOwners(...names: string[]): Promise<string[]> {
    for (const name of names) await kit.people.session(name, { role: "OWNER" });
    await kit.db.query(`UPDATE actors SET role = 'VIEWER' WHERE kind = 'PERSON' AND NOT name = ANY($1)`, [names]);
    return await Promise.all(names.map(idOf));
  }

  it("can neither be demoted nor deactivated, not by themselves either", async () => {
    const [id] = await onlyOwners("ada");
    for (const outcome of [
      await change("changeRole", `personId: "${id}", role: VIEWER`),
      await change("deactivatePerson", `personId: "${id}"`),
    ]) {
      expect(outcome).toMatchObject({ __typename: "LastOwnerError", message: expect.stringContaining("owner first") });
    }
    expect((await change("changeRole", `personId: "${id}", role: OWNER`)).__typename).toBe("ChangeRoleSuccess");
  });

  it("is one who can sign in: another owner who never could does not count", async () => {
    const [id] = await onlyOwners("ada");
    await kit.db.query(`INSERT INTO actors (name, role) VALUES ('never here', 'OWNER')`);
    const demoted = () => change("changeRole", `personId: "${id}", role: VIEWER`, "ada");
    expect((await demoted()).__typename).toBe("LastOwnerError");
    const other = await kit.people.signInLink("never here");
    expect(other).toMatch(/^slk_/);
    expect((await demoted()).__typename).toBe("ChangeRoleSuccess");
  });

  it("is left when two owners demote or deactivate each other at the same moment", async () => {
    for (let time = 0; time < 10; time++) {
      await kit.db.query(`UPDATE actors SET deactivated_at = NULL`);
      const [ada, eva] = (await onlyOwners("ada", "eva")).map((id) => databaseId("Actor", id)) as [number, number];
      const demoted = (actorId: number) => changeRole(kit.db, owner, { actorId, role: "VIEWER" });
      const outcomes = await Promise.allSettled([
        demoted(eva),
        time % 2 === 0 ? deactivatePerson(kit.db, owner, ada) : demoted(ada),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(outcomes).toContainEqual({ status: "rejected", reason: expect.any(LastOwnerError) });
    }
  });
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});

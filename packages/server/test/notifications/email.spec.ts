import { checkStalls } from "@sluice/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MailServer, mailServer } from "../kit/mail-server.ts";
import { gateThatWaits, type NotifyingKit, notifyingKit } from "../kit/notifying-kit.ts";
import { mutate } from "../kit/spec-runs.ts";

let mail: MailServer;
let kit: NotifyingKit;
beforeAll(async () => {
  mail = await mailServer({ refuse: ["gone@example.org"] });
  // Many tries, so that a mail server that is away for a moment is waited for.
  const delays = [20, 20, ...Array.from({ length: 200 }, () => 100)];
  kit = await notifyingKit({ smtpUrl: mail.url, notifications: { delays } });
  await person("ada", "OWNER", null);
  await person("alan", "APPROVER", "alan@example.org");
  await person("vera", "VOTER", "vera@example.org");
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

async function person(name: string, role: "OWNER" | "APPROVER" | "VOTER" | "OPERATOR", email: string | null) {
  await kit.token(name, { role, kind: "PERSON" });
  await kit.db.query(`UPDATE actors SET email = $2 WHERE name = $1`, [name, email]);
}
const about = (run: { readonly number: number }) => (received: { readonly text: string }) =>
  received.text.includes(`Run #${run.number}:`);

it("writes to those who may decide, with a link of their own that decides", async () => {
  const run = await gateThatWaits(kit, { name: "Posters\r\nBcc: eve@example.org <b>" });
  const asked = await mail.until(about(run));
  expect(asked).toMatchObject({ from: "sluice@example.org", to: ["alan@example.org"] });
  expect(asked.headers.get("subject")).toBe(
    `Approval needed: Run #${run.number}, step 1 (Form): Posters Bcc: eve@example.org <b>`,
  );
  expect(asked.headers.get("auto-submitted")).toBe("auto-generated");
  expect(asked.headers.get("list-id")).toContain("<approvals.example.org>");
  expect(asked.headers.has("bcc")).toBe(false);
  // In the HTML what people wrote is text.
  const [plain, markup] = asked.text.split("Content-Type: text/html");
  expect(plain).toContain(`Run #${run.number}: Posters Bcc: eve@example.org <b>`);
  expect(markup).toContain("Posters Bcc: eve@example.org &lt;b&gt;");
  const url = /(http:\S+\/decide\/\S+)/.exec(asked.text)?.[1] as string;
  const page = await (await fetch(url)).text();
  expect(page).toContain("You decide as <strong>alan</strong>");
  const { length } = mail.mails.filter(about(run));
  expect(length).toBe(1);
  // Times are for people.
  expect(plain).toMatch(/Waiting since: \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  expect(asked.text).not.toMatch(/\dT\d\d:/);
  expect(asked.text).not.toContain("different people");
  await kit.attempts.until(({ state }) => state === "DELIVERED");
  const answers = await kit.db.many(
    `SELECT DISTINCT a.response_status AS status FROM delivery_attempts a JOIN deliveries d ON d.id = a.delivery_id
     WHERE d.pipeline_run_id = $1`,
    [run.number],
  );
  expect(answers).toEqual([{ status: 250 }]);
});

it("writes to whom a policy names by an address that is theirs, and not to whoever wrote it for themselves", async () => {
  await person("mallory", "APPROVER", "vip@example.org");
  await kit.db.query(`UPDATE actors SET email_verified = false WHERE name = 'mallory'`);
  const run = await gateThatWaits(kit, {}, ", approvers: [vip@example.org, alan@example.org]");
  await mail.until(about(run));
  // All mails about one event are written in one transaction.
  const written = await kit.db.many(`SELECT address FROM deliveries WHERE channel = 'EMAIL' AND pipeline_run_id = $1`, [
    run.number,
  ]);
  expect(written).toEqual([{ address: "alan@example.org" }]);
  await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE name = 'mallory'`);
});

it("says how many have approved where a gate takes several", async () => {
  const run = await gateThatWaits(kit, {}, ", quorum: 2, approvers: [alan, ada]");
  const asked = await mail.until(about(run));
  expect(asked.text).toContain("It takes 2 different people: 0 of 2 have approved.");
  expect((await mutate(kit, "approveStep", { stepId: run.stepId, topK: 1 })).__typename).toBe("ApproveStepSuccess");
  await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '25 hours' WHERE pipeline_run_id = $1`, [
    run.number,
  ]);
  await checkStalls(kit.server.engine);
  const raised = await mail.until((each) => about(run)(each) && !/^Approval/.test(each.headers.get("subject") ?? ""));
  expect(raised.text).toContain("It takes 2 different people: 1 of 2 have approved.");
  expect(raised.text).not.toMatch(/\dT\d\d:/);
});

it("writes to whom the gate's policy names and to nobody else, and to none who does not want it", async () => {
  await person("nina", "APPROVER", "nina@example.org");
  await person("mute", "APPROVER", "mute@example.org");
  await kit.db.query(`UPDATE actors SET email_notifications = false WHERE name = 'mute'`);
  const named = await gateThatWaits(kit, {}, ", approvers: [nina]");
  expect((await mail.until(about(named))).to).toEqual(["nina@example.org"]);
  const open = await gateThatWaits(kit);
  const both = await mail.count(2, about(open));
  expect(both.flatMap(({ to }) => to).toSorted()).toEqual(["alan@example.org", "nina@example.org"]);
  expect(mail.mails.filter(about(named))).toHaveLength(1);
});

it("F16: a mail server that is down holds up no gate, and gets the mail once it is back, once", async () => {
  const { port } = mail;
  await mail[Symbol.asyncDispose]();
  const decided = await gateThatWaits(kit);
  await kit.attempts.until(({ error }) => error?.startsWith("The mail server cannot be reached") ?? false);
  expect((await mutate(kit, "approveStep", { stepId: decided.stepId })).__typename).toBe("ApproveStepSuccess");
  const waiting = await gateThatWaits(kit);
  const { attempts } = kit;
  const before = attempts.all.length;
  await attempts.until((made) => attempts.all.indexOf(made) >= before && made.state === "RETRYING");
  mail = await mailServer({ port, refuse: ["gone@example.org"] });
  const back = await mail.count(2, about(waiting));
  expect(back.flatMap(({ to }) => to).toSorted()).toEqual(["alan@example.org", "nina@example.org"]);
  // What was decided meanwhile asks nobody any more.
  expect(mail.mails.filter((each) => about(decided)(each) && each.text.includes("Step 1: Form"))).toEqual([]);
  const cancelled = await kit.db.many(
    `SELECT DISTINCT status::text, error FROM deliveries WHERE pipeline_run_id = $1 AND event_type = 'approval.requested'
       AND approval_id IN (SELECT id FROM approvals WHERE status = 'APPROVED')`,
    [decided.number],
  );
  expect(cancelled).toEqual([{ status: "CANCELLED", error: "The gate did not wait for a decision any more." }]);
});

it("F16: a mailbox that does not exist is given up at once, and shows as an event of the run", async () => {
  await person("gone", "APPROVER", "gone@example.org");
  const run = await gateThatWaits(kit, {}, ", approvers: [gone]");
  await kit.attempts.until(({ error }) => /refused the sender or the recipient/.test(error ?? ""));
  const failed = await kit.db.many(
    `SELECT d.attempts, e.data->>'channel' AS channel FROM deliveries d
     JOIN run_events e ON e.type = 'delivery_failed' AND (e.data->>'deliveryId')::int = d.id
     WHERE d.pipeline_run_id = $1`,
    [run.number],
  );
  expect(failed).toEqual([{ attempts: 1, channel: "EMAIL" }]);
  // Its link went nowhere, and is taken back.
  const links = await kit.db.many(
    `SELECT l.revoked_at IS NOT NULL AS revoked FROM decision_links l JOIN actors a ON a.id = l.actor_id WHERE a.name = 'gone'`,
  );
  expect(links).toEqual([{ revoked: true }]);
});

it("L2: writes of a stall to those who may decide, and of an escalation to whom it names, who get no link they may not use", async () => {
  const run = await gateThatWaits(kit, {}, ", approvers: [alan]");
  await mail.until((each) => about(run)(each) && each.headers.get("subject")?.startsWith("Approval needed") === true);
  await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '25 hours' WHERE pipeline_run_id = $1`, [
    run.number,
  ]);
  await checkStalls(kit.server.engine);
  const raised = await mail.until(
    (each) => about(run)(each) && /^(Attention|Reminder)/.test(each.headers.get("subject") ?? ""),
  );
  expect(raised.to).toEqual(["alan@example.org"]);
  expect(raised.text).toContain("/decide/dl_");
  const { id } = await kit.db.one<{ id: number }>(`SELECT id FROM alerts WHERE pipeline_run_id = $1`, [run.number]);
  const alertId = Buffer.from(`Alert:${id}`).toString("base64");
  const escalated = await mutate(kit, "escalateAlert", { alertId, to: ["vera"], comment: "Ask alan." });
  expect(escalated.__typename).toBe("EscalateAlertSuccess");
  const told = await mail.until(
    (each) => about(run)(each) && each.headers.get("subject")?.startsWith("Escalated") === true,
  );
  expect(told.to).toEqual(["vera@example.org"]);
  expect(told.text).toContain("ada says: Ask alan.");
  expect(told.text).toContain("You get this because ada asked you to look after it.");
  expect(raised.text).not.toContain("asked you");
  expect(told.text).not.toContain("/decide/");
});

it("says that mail is set up", async () => {
  expect(await kit.graphql("{ notificationSetup { email } }")).toEqual({ notificationSetup: { email: true } });
  expect(kit.logged).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { waitingRun } from "../kit/run-page.ts";
import { stepOf } from "../kit/spec-runs.ts";

const PASSWORD = "correct horse battery";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("the people page", () => {
  it("invites by a link that is shown once; who joins has the role, and its change reaches what they have open", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/people`);
    await ada.getByRole("button", { name: "Invite…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Role" }).click();
    await ada.getByRole("option", { name: "Viewer" }).click();
    await dialog.getByLabel("Email address").fill("no address");
    await dialog.getByLabel("Name").fill("grace");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    // What is wrong stands at its field, and what was typed stays.
    await dialog.getByText("This is no email address.").waitFor();
    expect(await dialog.getByLabel("Name").inputValue()).toBe("grace");
    await dialog.getByLabel("Email address").fill("grace@example.org");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const link = await dialog.getByLabel("Link").inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    const invitations = ada.getByRole("list", { name: "Open invitations" });
    await invitations.getByText("grace@example.org").waitFor();
    expect(await ada.content()).not.toContain(new URL(link).searchParams.get("token") ?? link);

    const grace = await kit.visitor();
    await grace.goto(link);
    await grace.getByLabel("Password").fill(PASSWORD);
    await grace.getByRole("button", { name: "Join" }).click();
    await grace.getByRole("heading", { name: "Runs", exact: true }).waitFor();
    expect(await grace.getByRole("link", { name: "New run" }).count()).toBe(0);

    // The owner's deep link tells the viewer what it takes, and shows nothing of it.
    await grace.goto(`${kit.url}/settings/people`);
    await grace.getByText("This takes an owner.").waitFor();
    expect(await grace.getByRole("list", { name: "People" }).count()).toBe(0);
    const settings = grace.getByRole("navigation", { name: "Settings" });
    expect(await settings.getByRole("link").allTextContents()).toEqual(["Profile", "API keys", "Generators"]);

    // Coming back to the window shows who has joined meanwhile.
    await ada.evaluate(`window.dispatchEvent(new Event("focus"))`);
    await expect.poll(() => invitations.count()).toBe(0);
    await ada.getByRole("combobox", { name: "Role of grace" }).click();
    await ada.getByRole("option", { name: "Owner" }).click();
    await ada.getByText("grace is an owner now.").waitFor();
    // Without a reload: her connection is ended, and what she sees follows.
    await grace.getByRole("list", { name: "People" }).waitFor();
    await expect
      .poll(() => settings.getByRole("link").allTextContents())
      .toEqual(["Profile", "API keys", "Generators", "People", "Webhooks"]);
    await grace.getByRole("link", { name: "New run" }).waitFor();

    await ada.getByRole("button", { name: "More about grace" }).click();
    await ada.getByRole("menuitem", { name: "Deactivate…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
    // Her session has ended, so that her window shows the way in again.
    await grace.waitForURL(/\/sign-in/);
    await grace.getByLabel("Email").fill("grace@example.org");
    await grace.getByLabel("Password").fill(PASSWORD);
    await grace.getByRole("button", { name: "Sign in" }).click();
    await grace.getByRole("alert").waitFor();
    expect(await kit.db.one(`SELECT deactivated_at IS NOT NULL AS gone FROM actors WHERE name = 'grace'`)).toEqual({
      gone: true,
    });
  }, 180_000);

  it("keeps the last owner, in the API's words, and asks before somebody gives up their own role", async () => {
    const ada = await kit.window("ada");
    await kit.db.query(`UPDATE actors SET role = 'VIEWER' WHERE role = 'OWNER' AND name <> 'ada'`);
    await ada.goto(`${kit.url}/settings/people`);
    await ada.getByRole("combobox", { name: "Role of ada" }).click();
    await ada.getByRole("option", { name: "Viewer" }).click();
    const dialog = ada.getByRole("dialog", { name: "Give up your own role?" });
    await dialog.getByRole("button", { name: "Become a viewer" }).click();
    await dialog.getByRole("alert").getByText(/owner/).waitFor();
    expect(await kit.db.one(`SELECT role FROM actors WHERE name = 'ada'`)).toEqual({ role: "OWNER" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await ada.getByRole("combobox", { name: "Role of ada" }).inputValue()).toBe("Owner");
  }, 120_000);

  it("revokes an invitation, whose link does nothing any more", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/people`);
    await ada.getByRole("button", { name: "Invite…" }).click();
    await ada.getByLabel("Name").fill("mallory");
    await ada.getByRole("button", { name: "Make the link" }).click();
    const link = await ada.getByLabel("Link").inputValue();
    await ada.getByRole("button", { name: "Done" }).click();
    await ada.getByRole("button", { name: "Revoke the invitation of mallory" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expect.poll(() => ada.getByText("mallory").count()).toBe(0);
    const mallory = await kit.visitor();
    await mallory.goto(link);
    await mallory.getByText("was taken back").waitFor();
    expect(await mallory.getByRole("button", { name: "Join" }).count()).toBe(0);
  }, 120_000);
});

describe("the profile", () => {
  it("sets what one signs in with, says at the field what is wrong, and lets one in by it", async () => {
    const lin = await kit.window("lin");
    await lin.goto(`${kit.url}/settings/profile`);
    await lin.getByLabel("Email address").fill("lin@example.org");
    await lin.getByLabel("Password", { exact: true }).fill("short");
    await lin.getByRole("button", { name: "Save" }).click();
    await lin.getByText("A password has at least 10 characters.").waitFor();
    expect(await lin.getByLabel("Email address").inputValue()).toBe("lin@example.org");
    await lin.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await lin.getByRole("button", { name: "Save" }).click();
    await lin.getByLabel("Current password").waitFor();

    await lin.getByRole("button", { name: "Your account" }).click();
    await lin.getByRole("menuitem", { name: "Sign out" }).click();
    await lin.waitForURL(/\/sign-in/);
    await lin.getByLabel("Email").fill("lin@example.org");
    await lin.getByLabel("Password").fill(PASSWORD);
    await lin.getByRole("button", { name: "Sign in" }).click();
    await lin.getByRole("heading", { name: "Runs", exact: true }).waitFor();

    await lin.goto(`${kit.url}/settings/profile`);
    await lin.getByLabel("New password").fill("another long password");
    await lin.getByLabel("Current password").fill("not what it is");
    await lin.getByRole("button", { name: "Save" }).click();
    await lin.getByText("This is not your current password.").waitFor();
    expect(await lin.getByLabel("New password").inputValue()).toBe("another long password");
  }, 120_000);

  it("lists one's decision links, and ends one that went astray", async () => {
    const run = await waitingRun(kit, 2);
    const { id: stepId } = await stepOf(kit, run, 1);
    const { createDecisionLink } = await kit.graphql<{ createDecisionLink: { url: string } }>(
      `mutation ($stepId: ID!) { createDecisionLink(input: { stepId: $stepId }) {
         ... on CreateDecisionLinkSuccess { url } ... on Error { message } } }`,
      { stepId },
    );
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/profile`);
    await ada.getByRole("button", { name: `Revoke the link for run #${run.number}, step 1` }).click();
    await ada.getByRole("list", { name: "Decision links" }).getByText("Revoked").waitFor();
    const visitor = await kit.visitor();
    await visitor.goto(createDecisionLink.url);
    expect(await visitor.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect((await stepOf(kit, run, 1)).status).toBe("AWAITING_APPROVAL");

    // Who may not decide has no such links.
    const wim = await kit.window("wim", { role: "VOTER" });
    await wim.goto(`${kit.url}/settings/profile`);
    await wim.getByText("Your role is").waitFor();
    expect(await wim.getByText("Decision links").count()).toBe(0);
  }, 120_000);
});

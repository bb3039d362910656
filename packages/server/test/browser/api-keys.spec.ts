import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function ask(secret: string, query: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, body: await answer.text() };
}

describe("API keys", () => {
  it("are shown once, work as far as their scopes go, and end when they are revoked", async () => {
    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/api-keys`);
    await ada.getByRole("button", { name: "New key…" }).click();
    const dialog = ada.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: "Vote" }).check();
    await dialog.getByRole("button", { name: "Make the key" }).click();
    await dialog.getByText("A key's name says what it is for").waitFor();
    // What was chosen before the refusal is chosen still.
    expect(await dialog.getByRole("checkbox", { name: "Vote" }).isChecked()).toBe(true);
    await dialog.getByLabel("Name").fill("nightly");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    const secret = await dialog.getByLabel("Secret").inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();

    expect(await ask(secret, "{ viewer { name rights } }")).toEqual({
      status: 200,
      body: JSON.stringify({ data: { viewer: { name: "ada", rights: ["VIEW", "VOTE"] } } }),
    });
    const refused = await ask(
      secret,
      `mutation { createRun(input: { pipeline: "Taglines", prompt: "x" }) { __typename } }`,
    );
    expect(refused.body).toContain("ForbiddenError");

    const keys = ada.getByRole("list", { name: "API keys" });
    await keys.getByText("Never used").or(keys.getByText(/^Used/)).first().waitFor();
    await ada.reload();
    await keys.getByText(/^Used just now/).waitFor();
    expect(await ada.content()).not.toContain(secret);

    await ada.getByRole("button", { name: "Revoke the key nightly" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await ada.getByText("No API keys").waitFor();
    expect((await ask(secret, "{ viewer { name } }")).status).toBe(401);
  }, 120_000);

  it("of others are for owners alone", async () => {
    await kit.token("grace", { role: "VOTER" });
    const grace = await kit.window("grace");
    await grace.goto(`${kit.url}/settings/api-keys`);
    await grace.getByRole("list", { name: "API keys" }).waitFor();
    expect(await grace.getByText("Everybody's").count()).toBe(0);
    await grace.getByRole("button", { name: "New key…" }).click();
    await grace.getByRole("checkbox", { name: "Vote" }).waitFor();
    expect(await grace.getByRole("checkbox", { name: "Decide" }).count()).toBe(0);

    const ada = await kit.window("ada");
    await ada.goto(`${kit.url}/settings/api-keys`);
    await ada.getByText("Everybody's").click();
    await ada.getByText("Of grace").waitFor();
  }, 120_000);
});

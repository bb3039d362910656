import { describe, expect, it } from "vitest";
import { opencodeKind } from "./kind.ts";
import { permissionRules } from "./permissions.ts";
import { opencodeSettings } from "./settings.ts";

const url = "http://127.0.0.1:4096";
const context = { folder: "/", origin: () => url, environment: {} };

describe("the settings", () => {
  it("need no more than where the server is", () => {
    expect(opencodeSettings.parse({ url })).toEqual({
      url,
      username: "opencode",
      default_agent: "build",
      permissions: {},
      timeout: "10m",
    });
  });

  it.each([
    [{ url: "127.0.0.1:4096" }, "is reached"],
    [{ url: "http://opencode:secret@127.0.0.1" }, '"username" and "password"'],
    [{ url, password: "" }, "leave it out"],
    [{ url, directory: "work" }, "full path"],
    [{ url, default_model: "sonnet" }, "anthropic/"],
    [{ url, permissions: { edit: "sometimes" } }, "Invalid input"],
    [{ url, timeout: "soon" }, "such as 10m"],
    [{ url, modle: "a/b" }, "modle"],
  ])("refuse %o", (settings, sentence) => {
    const { error } = opencodeSettings.safeParse(settings);
    expect(error?.issues[0]?.message).toContain(sentence);
  });

  it("let one agent at a time work where they may change the folder they share", () => {
    const concurrency = (settings: object) =>
      opencodeKind.create("coder", opencodeSettings.parse({ url, ...settings }), context).concurrency;
    expect(concurrency({})).toBeUndefined();
    expect(concurrency({ permissions: { edit: "allow" } })).toBe(1);
    expect(concurrency({ permissions: { read: "allow" }, concurrency: 4 })).toBe(4);
  });
});

describe("a step's settings", () => {
  const coder = opencodeKind.create("coder", opencodeSettings.parse({ url }), context);

  it("are what an agent of a pipeline gives", () => {
    const config = {
      agent: "coder",
      opencodeAgent: "build",
      model: "a/b/c",
      systemPromptAdditions: "",
      description: "",
    };
    expect(coder.checkConfig(config)).toBeUndefined();
    expect(coder.checkConfig(null)).toBeUndefined();
  });

  it("are refused in words", () => {
    expect(coder.checkConfig({ opencode_agent: "build" })).toContain('no setting "opencode_agent"; it has agent');
    expect(coder.checkConfig({ model: "sonnet" })).toMatch(/^The setting "model" of the generator "coder" must be/);
  });
});

it("permissions: everything is denied before what the operator says, in the operator's order", () => {
  expect(permissionRules({ read: "allow", bash: { "*": "ask", "git *": "allow" } })).toEqual([
    { permission: "*", pattern: "*", action: "deny" },
    { permission: "read", pattern: "*", action: "allow" },
    { permission: "bash", pattern: "*", action: "ask" },
    { permission: "bash", pattern: "git *", action: "allow" },
  ]);
});

import { describe, expect, it } from "vitest";
import { errorOf, parse, steps } from "./test-documents.ts";

const gate = (...lines: string[]) =>
  steps("- type: generate", "  name: Form", "  generator: cppn", "  gate: manual", ...lines.map((line) => `  ${line}`));

describe("policies in pipelines.yaml", () => {
  it("reads every key", () => {
    const [pipeline] = parse(
      gate(
        "approvers: [role:approver, ada, Bob@Example.org]",
        "quorum: 2",
        "exclude_creator: false",
        "min_votes: 5",
        "min_confidence: 0.8",
        "automatic: { votes: 6, confidence: 0.95 }",
        "escalate_to: [role:Owner, bob]",
        "max_rounds: 4",
      ),
    );
    expect(pipeline?.steps[0]?.policy).toEqual({
      approvers: { roles: ["APPROVER"], people: ["ada", "Bob@Example.org"] },
      quorum: 2,
      excludeCreator: false,
      minVotes: 5,
      minConfidence: 0.8,
      automatic: { votes: 6, confidence: 0.95 },
      escalateTo: { roles: ["OWNER"], people: ["bob"] },
      maxRounds: 4,
    });
  });

  it("takes them on manual generate and agent steps, on later generate steps as they are, and on approvals", () => {
    const text = [
      "agents: [{ name: writer, generator: opencode }]",
      steps(
        "- { type: generate, name: A, generator: cppn }",
        "- { type: generate, name: B, generator: cppn, quorum: 2 }",
        "- { agent: writer, gate: manual, quorum: 2 }",
        "- { type: approval, automatic: { votes: 5, elo: 1100 } }",
      ),
    ].join("\n");
    expect(parse(text)[0]?.steps.map(({ policy }) => policy)).toEqual([
      {},
      { quorum: 2 },
      { quorum: 2 },
      { automatic: { votes: 5, elo: 1_100 } },
    ]);
  });

  it("keeps names in the form in which people's names are kept; case makes another name, as it does for people", () => {
    const [pipeline] = parse(gate('approvers: ["  \\uFF21da \\t L. ", "ada L.", "e\\u0301va"]'));
    expect(pipeline?.steps[0]?.policy.approvers?.people).toEqual(["Ada L.", "ada L.", "\u00E9va"]);
  });

  it.each<[what: string, text: string, message: string | RegExp, path: string, line?: number]>([
    [
      "an unknown role",
      gate("approvers: [role:aprover]"),
      /no role "aprover"\. Did you mean "approver"\?/,
      "approvers[0]",
    ],
    [
      "a role that decides nothing",
      gate("approvers: [ada, role:voter]"),
      /The role voter may not decide gates/,
      "approvers[1]",
    ],
    [
      "somebody twice",
      gate("approvers: [ada, role:owner, 'role: OWNER']"),
      '"role: OWNER" is there twice.',
      "approvers[2]",
    ],
    ["nobody", gate("approvers: []"), /"approvers" must name somebody/, "approvers"],
    ["approvers that are left empty", gate("approvers:"), '"approvers" must be a list, but is empty.', "approvers"],
    ["approvers that are no list", gate("approvers: ada"), '"approvers" must be a list, but is a text.', "approvers"],
    [
      "more people than are named",
      gate("quorum: 3", "approvers: [ada, bob]"),
      /asks for 3 different people, but "approvers" names 2/,
      "quorum",
    ],
    ["a quorum of nobody", gate("quorum: 0"), '"quorum" must be at least 1.', "quorum"],
    ["votes below 1", gate("min_votes: 0"), '"min_votes" must be at least 1.', "min_votes"],
    ["a confidence in percent", gate("min_confidence: 80"), /share from 0 to 1, such as 0\.8/, "min_confidence"],
    ["automatic without a proof", gate("automatic: { votes: 5 }"), /needs "confidence".*or "elo"/, "automatic"],
    [
      "automatic with both",
      gate("automatic: { votes: 5, elo: 1100, confidence: 0.9 }"),
      /either "confidence" or "elo"/,
      "automatic.elo",
    ],
    ["automatic without votes", gate("automatic: { confidence: 0.9 }"), '"votes" is missing.', "automatic.votes"],
    [
      "automatic after a time",
      gate("automatic: { votes: 5, elo: 1, after: 4h }"),
      /"automatic" has no key "after"/,
      "automatic.after",
    ],
    [
      "automatic where the creator is excluded: their votes would open it",
      gate("exclude_creator: true", "automatic: { votes: 1, confidence: 0.9 }"),
      /do not go together: the creator could open the gate by voting/,
      "automatic",
      9,
    ],
    [
      "automatic on less than even chances",
      gate("automatic: { votes: 1, confidence: 0.49 }"),
      /must be 0\.5 to 1, such as 0\.95/,
      "automatic.confidence",
    ],
    [
      "automatic in percent",
      gate("automatic: { votes: 1, confidence: 95 }"),
      /share from 0 to 1/,
      "automatic.confidence",
    ],
    ["a rating below all", gate("automatic: { votes: 1, elo: -1 }"), /must be 0 to 4000/, "automatic.elo"],
    ["a rating above all", gate("automatic: { votes: 1, elo: 4001 }"), /must be 0 to 4000/, "automatic.elo"],
    ["an address twice", gate("approvers: [Ada@x.org, ada@X.org]"), '"ada@X.org" is there twice.', "approvers[1]"],
    ["a name twice, as names are kept", gate('approvers: ["ada  l", "ada l "]'), /is there twice/, "approvers[1]"],
    [
      "a name with invisible characters",
      gate('approvers: ["a\\u200Bda"]'),
      /has invisible characters in it/,
      "approvers[0]",
    ],
    ["an escalation to an invisible name", gate('escalate_to: ["\\u3164"]'), /invisible/, "escalate_to[0]"],
    ["escalation to an unknown role", gate("escalate_to: [role:boss]"), /no role "boss"/, "escalate_to[0]"],
    ["rounds below 1", gate("max_rounds: 0"), '"max_rounds" must be at least 1.', "max_rounds"],
    [
      "a key that is nearly one",
      gate("min_vote: 5"),
      'A generate step has no key "min_vote". Did you mean "min_votes"?',
      "min_vote",
    ],
  ])("F2: refuses %s", (_what, text, message, path, line = 8) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ path: `pipelines[0].steps[0].${path}`, line });
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it.each([
    "approvers: [ada]",
    "quorum: 2",
    "exclude_creator: true",
    "min_votes: 5",
    "min_confidence: 0.5",
    "automatic: { votes: 1, elo: 1 }",
    "escalate_to: [ada]",
    "max_rounds: 2",
  ])("F2: refuses %s where a gate opens by itself, since nobody would be asked", (key) => {
    const name = key.split(":")[0];
    const first = errorOf(steps("- type: generate", "  name: A", "  generator: cppn", `  ${key}`));
    expect(first).toMatchObject({ path: `pipelines[0].steps[0].${name}`, line: 7 });
    expect(first.message).toBe(
      `"${name}" has no effect on a gate that opens by itself. Add "gate: manual" to the step.`,
    );
    const open = errorOf(gate(key).replace("gate: manual", "gate: open"));
    expect(open.message).toContain('Make it "gate: manual", or leave it out.');
    const agents = "agents: [{ name: writer, generator: opencode }]";
    expect(errorOf(`${agents}\n${steps("- agent: writer", `  ${key}`)}`).message).toContain('Add "gate: manual"');
  });
});

describe("approval templates in pipelines.yaml", () => {
  const withTemplates = (...lines: string[]) =>
    [
      "pipelines:",
      "  - name: p",
      "    steps:",
      "      - { type: generate, name: Form, generator: cppn }",
      "      - { type: generate, name: Colour, generator: cppn, min_votes: 3 }",
      "      - { type: generate, name: Colour, generator: cppn }",
      "      - { type: generate, name: Finish, generator: cppn, gate: open }",
      "    approval_templates:",
      ...lines.map((line) => `      ${line}`),
    ].join("\n");

  it("finds steps by name or position", () => {
    const [pipeline] = parse(
      withTemplates(
        "- name: strict",
        "  description: For print",
        "  steps: [{ step: 2, k: 1, quorum: 2, approvers: [role:approver] }, { step: Form, k: 5 }]",
        "- { name: quick, steps: [{ step: 3, automatic: { votes: 5, confidence: 0.9 } }] }",
      ),
    );
    expect(pipeline?.approvalTemplates).toEqual([
      {
        name: "strict",
        description: "For print",
        steps: [
          { position: 2, topK: 1, policy: { quorum: 2, approvers: { roles: ["APPROVER"], people: [] } } },
          { position: 1, topK: 5, policy: null },
        ],
      },
      {
        name: "quick",
        description: null,
        steps: [{ position: 3, topK: null, policy: { automatic: { votes: 5, confidence: 0.9 } } }],
      },
    ]);
  });

  it.each<[string, string, string | RegExp, string]>([
    ["an unknown step", "{ step: Fom, k: 1 }", 'There is no step named "Fom". Did you mean "Form"?', "steps[0].step"],
    ["a position that is not there", "{ step: 5, k: 1 }", "There is no step 5: the pipeline has 4.", "steps[0].step"],
    ["a name that two steps have", "{ step: Colour, k: 1 }", /Steps 2 and 3 are both named "Colour"/, "steps[0].step"],
    ["a step that changes nothing", "{ step: Form }", /needs "k", a policy, or both/, "steps[0]"],
    ["K below 1", "{ step: Form, k: 0 }", "K must be at least 1", "steps[0].k"],
    ["K of an open gate", "{ step: Finish, k: 2 }", /no effect on an open gate/, "steps[0].k"],
    ["a policy of a gate that opens by itself", "{ step: Form, quorum: 2 }", /Add "gate: manual"/, "steps[0].quorum"],
    ["an unknown key", "{ step: Form, topk: 2 }", /has no key "topk"/, "steps[0].topk"],
    ["an unknown role", "{ step: 2, approvers: [role:none] }", /no role "none"/, "steps[0].approvers[0]"],
    [
      "an automatic policy whose creator is excluded",
      "{ step: 2, exclude_creator: true, automatic: { votes: 5, confidence: 0.9 } }",
      /do not go together/,
      "steps[0].automatic",
    ],
    ["a step twice", "{ step: 2, k: 1 }, { step: 2, k: 2 }", "Step 2 is in this template twice.", "steps[1].step"],
  ])("refuses %s", (_what, step, message, path) => {
    const error = errorOf(withTemplates("- name: t", `  steps: [${step}]`));
    expect(error).toMatchObject({ path: `pipelines[0].approval_templates[0].${path}`, line: 10 });
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it("refuses two of one name", () => {
    const step = "steps: [{ step: Form, k: 1 }]";
    const error = errorOf(withTemplates(`- { name: t, ${step} }`, `- { name: t, ${step} }`));
    expect(error).toMatchObject({ path: "pipelines[0].approval_templates[1].name", line: 10 });
  });
});

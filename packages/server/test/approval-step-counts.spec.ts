import { expect, it } from "vitest";
import { serverKit } from "./kit/server-kit.ts";

const YAML = `
pipelines:
  - name: Edited
    steps:
      - { type: generate, name: Draft, generator: grammar, gate: manual, n: 4 }
      - { type: approval, name: Editor }
      - { type: generate, name: Polish, generator: grammar, n: 1 }
`;

const APPROVE = `
  mutation($input: ApproveStepInput!) {
    approveStep(input: $input) {
      ... on ApproveStepSuccess { run { steps { statusLabel candidateCount advancingCount } } }
      ... on Error { message }
    }
  }`;

interface Approved {
  approveStep: { run: { steps: { statusLabel: string; candidateCount: number; advancingCount: number }[] } };
}

it("A2: an approval step counts what came to its gate, not what the step before it made", async () => {
  await using kit = await serverKit({ worker: true });
  await kit.graphql(`mutation($yaml: String!) { applyPipelines(input: { yaml: $yaml }) { __typename } }`, {
    yaml: YAML,
  });
  const { createRun } = await kit.graphql<{ createRun: { run: { id: string; steps: { id: string }[] } } }>(
    `mutation { createRun(input: { pipeline: "Edited", prompt: "rain" }) { ... on CreateRunSuccess { run { id steps { id } } } } }`,
  );
  const { id: runId, steps } = createRun.run;
  const socket = await kit.socket();
  const events = socket.iterate<{ runEvents: { events: { type: string }[] } }>({
    query: `subscription($runId: ID!) { runEvents(runId: $runId) { events { type } } }`,
    variables: { runId },
  });
  for await (const { data } of events) {
    if (data?.runEvents.events.some(({ type }) => type === "approval_requested")) break;
  }

  const first = await kit.graphql<Approved>(APPROVE, { input: { stepId: steps[0]?.id, topK: 3 } });
  expect(first.approveStep.run.steps[1]).toEqual({
    statusLabel: "Awaiting Approval (3 candidates ready)",
    candidateCount: 3,
    advancingCount: 0,
  });

  const second = await kit.graphql<Approved>(APPROVE, { input: { stepId: steps[1]?.id, topK: 2 } });
  expect(second.approveStep.run.steps[1]).toEqual({
    statusLabel: "Approved (2/3 advancing)",
    candidateCount: 3,
    advancingCount: 2,
  });
});

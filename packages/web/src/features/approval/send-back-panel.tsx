import { Alert, Button, Group, NativeSelect, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { toastDone } from "../../components/toast.ts";
import type { StepKind } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { useFocusAtFirst } from "../../lib/use-focus-at-first.ts";
import { roundsLeft } from "./rounds-left.ts";

const SendBackStepMutation = graphql(`
  mutation SendBackStep($input: SendBackStepInput!) {
    sendBackStep(input: $input) {
      __typename
      ... on SendBackStepSuccess {
        run {
          id
          ...RunHeader_Run
          steps {
            id
            ...StepCard_Step
          }
        }
      }
      ... on InvalidInputError {
        field
      }
      ... on Error {
        message
      }
    }
  }
`);

interface EarlierStep {
  readonly id: string;
  readonly position: number;
  readonly name: string;
  readonly kind: StepKind;
}

interface SendBackPanelProps {
  readonly step: {
    readonly id: string;
    readonly position: number;
    readonly round: number;
    readonly maxRounds: number;
    readonly run: { readonly steps: readonly EarlierStep[] };
  };
  readonly rankingVersion: number;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** Keeps the gate closed and lets the run make things anew, from a step that is chosen, with a comment on what to change. */
export function SendBackPanel({ step, rankingVersion, onBack, onDone }: SendBackPanelProps) {
  const [{ fetching }, send] = useMutation(SendBackStepMutation);
  // An approval step makes nothing, so there is nothing to make anew.
  const makers = step.run.steps.filter(({ position, kind }) => position <= step.position && kind !== "APPROVAL");
  const [toStepId, setToStepId] = useState(makers.at(-1)?.id ?? step.id);
  const [comment, setComment, clear] = useDraft(`send back ${step.id}`, "");
  const [asked, setAsked] = useState(false);
  const field = useFocusAtFirst<HTMLTextAreaElement>();
  const [problem, setProblem] = useState<Problem>();
  const missing = comment.trim() === "" ? "Say what should be different" : undefined;
  const left = roundsLeft(step);
  const to = makers.find(({ id }) => id === toStepId);

  const sendBack = async () => {
    setAsked(true);
    if (missing !== undefined) return;
    const input = { stepId: step.id, toStepId, comment: comment.trim(), rankingVersion, round: step.round };
    const outcome = outcomeOf(await send({ input }), (data) => data.sendBackStep, "SendBackStepSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    clear();
    toastDone(`Sent back to step ${to?.position ?? step.position}: round ${step.round + 1} begins.`);
    onDone();
  };

  return (
    <Alert color="amber" variant="light" title={`Send step ${step.position} back?`}>
      <Stack gap="sm">
        <div>
          {to && to.position < step.position ? `Steps ${to.position} to ${step.position} begin` : "The step begins"} a
          new round and the run goes on. Candidates and votes of this round stay visible, but do not count any more.{" "}
          {left.words}
        </div>
        <NativeSelect
          label="Begin again at"
          data={makers.map(({ id, position, name }) => ({ value: id, label: `Step ${position}: ${name}` }))}
          value={toStepId}
          error={errorAt(problem, "toStepId")}
          onChange={(event) => setToStepId(event.currentTarget.value)}
        />
        <Textarea
          label="What should be different"
          description="The steps that are repeated are given it."
          required
          autosize
          minRows={2}
          maxRows={8}
          value={comment}
          ref={field}
          error={(asked && missing) || errorAt(problem, "comment")}
          onChange={(event) => {
            setComment(event.currentTarget.value);
            setProblem(undefined);
          }}
        />
        <FormProblem words={errorElsewhere(problem, ["comment", "toStepId"])} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button disabled={left.count === 0} loading={fetching} onClick={() => void sendBack()}>
            Send back
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

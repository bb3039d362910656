import { Button, Group, Modal, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { ROLE_NAMES } from "../../lib/roles.ts";
import { useDraft } from "../../lib/use-draft.ts";

const PeopleToTellQuery = graphql(`
  query PeopleToTell {
    people(first: 100, kind: PERSON) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

const EscalateAlertMutation = graphql(`
  mutation EscalateAlert($input: EscalateAlertInput!) {
    escalateAlert(input: $input) {
      __typename
      ... on EscalateAlertSuccess {
        alert {
          id
          ...AlertCard_Alert
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

interface EscalateDialogProps {
  readonly alertId: string;
  readonly onClose: () => void;
}

/** Tells other people of an alert. */
export function EscalateDialog({ alertId, onClose }: EscalateDialogProps) {
  const [{ data }] = useQuery({ query: PeopleToTellQuery });
  const [{ fetching }, escalate] = useMutation(EscalateAlertMutation);
  const [to, setTo] = useState<string[]>([]);
  const [choosing, setChoosing] = useState(false);
  const [comment, setComment, clear] = useDraft(`escalate ${alertId}`, "");
  const [problem, setProblem] = useState<Problem>();
  const names = data ? nodesOf(data.people).map(({ name }) => name) : [];

  const confirm = async () => {
    const trimmed = comment.trim();
    const input = { alertId, to, ...(trimmed === "" ? {} : { comment: trimmed }) };
    const outcome = outcomeOf(await escalate({ input }), (answer) => answer.escalateAlert, "EscalateAlertSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    clear();
    toastDone(`Escalated to ${to.join(", ")}.`);
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title="Escalate the alert" centered>
      <Stack>
        <Text size="sm">They are told of the alert now and of what becomes of it. It gives nobody a new right.</Text>
        <TagsInput
          label="Whom to tell"
          description="Names, or everybody of a role and above, such as role:owner."
          data={[
            { group: "Roles", items: ROLE_NAMES },
            ...(names.length > 0 ? [{ group: "People", items: names }] : []),
          ]}
          value={to}
          acceptValueOnBlur
          data-autofocus
          error={errorAt(problem, "to")}
          openOnFocus={false}
          onClick={() => setChoosing(true)}
          dropdownOpened={choosing}
          onDropdownOpen={() => setChoosing(true)}
          onDropdownClose={() => setChoosing(false)}
          onChange={(values) => {
            setTo(values);
            setProblem(undefined);
            // Left open it would lie on the buttons below, and a press meant for one would choose somebody.
            setChoosing(false);
          }}
        />
        <Textarea
          label="What they should know (optional)"
          autosize
          minRows={2}
          maxRows={6}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <FormProblem words={errorElsewhere(problem, ["to"])} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={to.length === 0} loading={fetching} onClick={() => void confirm()}>
            Escalate
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

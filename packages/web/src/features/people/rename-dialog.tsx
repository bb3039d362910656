import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";

const RenamePersonMutation = graphql(`
  mutation RenamePerson($input: RenamePersonInput!) {
    renamePerson(input: $input) {
      __typename
      ... on RenamePersonSuccess {
        person {
          id
          ...PersonRow_Actor
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

interface RenameDialogProps {
  readonly person: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Gives somebody another name. */
export function RenameDialog({ person, onClose }: RenameDialogProps) {
  const [{ fetching }, rename] = useMutation(RenamePersonMutation);
  const [name, setName] = useState(person.name);
  const [problem, setProblem] = useState<Problem>();

  const submit = async () => {
    const answer = await rename({ input: { personId: person.id, name } });
    const outcome = outcomeOf(answer, (data) => data.renamePerson, "RenamePersonSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    toastDone(`${person.name} is called ${name.trim()} now.`);
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title={`Rename ${person.name}`} centered>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            description="Shown with their votes and decisions. Policies that name them go on naming the old one."
            data-autofocus
            value={name}
            error={errorAt(problem, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FormProblem words={errorElsewhere(problem, ["name"])} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching} disabled={name.trim() === person.name}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

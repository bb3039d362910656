import { Select } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { toastDone } from "../../components/toast.ts";
import type { Role } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { ROLE_OPTIONS, roleInWords } from "../../lib/roles.ts";

const ChangeRoleMutation = graphql(`
  mutation ChangeRole($input: ChangeRoleInput!) {
    changeRole(input: $input) {
      __typename
      ... on ChangeRoleSuccess {
        person {
          id
          ...PersonRow_Actor
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface RoleSelectProps {
  readonly person: { readonly id: string; readonly name: string; readonly role: Role };
  readonly self: boolean;
}

/** Shows somebody's role and changes it at once, but asks before owners take their own away. */
export function RoleSelect({ person, self }: RoleSelectProps) {
  const [{ fetching }, send] = useMutation(ChangeRoleMutation);
  const [words, setWords] = useState<string>();
  const [asked, setAsked] = useState<Role>();

  const change = async (role: Role): Promise<string | undefined> => {
    const answer = await send({ input: { personId: person.id, role } });
    const outcome = outcomeOf(answer, (data) => data.changeRole, "ChangeRoleSuccess");
    if (!outcome.ok) return outcome.words;
    setWords(undefined);
    toastDone(`${person.name} is ${roleInWords(role)} now.`);
    return undefined;
  };

  const choose = (role: Role) => {
    if (role === person.role) return;
    if (self) return setAsked(role);
    void change(role).then(setWords);
  };

  return (
    <>
      <Select
        aria-label={`Role of ${person.name}`}
        w={150}
        data={ROLE_OPTIONS}
        value={person.role}
        allowDeselect={false}
        disabled={fetching}
        error={words}
        onChange={(role) => role !== null && choose(role as Role)}
      />
      <ConfirmDialog
        opened={asked !== undefined}
        title="Give up your own role?"
        confirmLabel={`Become ${asked === undefined ? "" : roleInWords(asked)}`}
        danger
        onClose={() => setAsked(undefined)}
        onConfirm={async () => (asked === undefined ? undefined : await change(asked))}
      >
        You will no longer be able to change roles, not even your own: another owner has to give it back.
      </ConfirmDialog>
    </>
  );
}

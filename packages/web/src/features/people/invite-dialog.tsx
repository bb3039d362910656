import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import type { Role } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { ROLE_OPTIONS, ROLE_WORDS } from "../../lib/roles.ts";
import { useDraft } from "../../lib/use-draft.ts";

const InvitePersonMutation = graphql(`
  mutation InvitePerson($input: InvitePersonInput!) {
    invitePerson(input: $input) {
      __typename
      ... on InvitePersonSuccess {
        path
        mailed
        invitation {
          id
          email
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

interface Invited {
  readonly url: string;
  /** The address it is on its way to; null where it is not mailed. */
  readonly mailedTo: string | null;
}

/** Makes an invitation and shows its link, once. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const [invited, setInvited] = useState<Invited>();
  // A click beside it must not throw away what cannot be shown again.
  return (
    <Modal
      opened
      onClose={onClose}
      title={invited ? "The invitation" : "Invite somebody"}
      centered
      closeOnClickOutside={!invited}
      closeOnEscape={!invited}
    >
      {invited ? (
        <SecretOnce label="Link" value={invited.url} onDone={onClose}>
          Send it to whom you invite. It works once, within a week, for whoever opens it.
          {invited.mailedTo !== null && ` It is also on its way to ${invited.mailedTo}.`}
        </SecretOnce>
      ) : (
        <InviteForm onClose={onClose} onInvited={setInvited} />
      )}
    </Modal>
  );
}

/** Whom to invite, as it is typed. */
const NOBODY_YET: { readonly role: Role; readonly email: string; readonly name: string } = {
  role: "APPROVER",
  email: "",
  name: "",
};

interface InviteFormProps {
  readonly onClose: () => void;
  readonly onInvited: (invited: Invited) => void;
}

function InviteForm({ onClose, onInvited }: InviteFormProps) {
  const [{ fetching }, invite] = useMutation(InvitePersonMutation);
  const [draft, setDraft, clear] = useDraft("invitation", NOBODY_YET);
  const { role, email, name } = draft;
  const [problem, setProblem] = useState<Problem>();

  const submit = async () => {
    const input = { role, ...(email.trim() === "" ? {} : { email }), ...(name.trim() === "" ? {} : { name }) };
    const outcome = outcomeOf(await invite({ input }), (data) => data.invitePerson, "InvitePersonSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    const { path, mailed, invitation } = outcome.value;
    clear();
    onInvited({ url: new URL(path, window.location.origin).href, mailedTo: mailed ? invitation.email : null });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <Select
          label="Role"
          description={`Somebody who ${ROLE_WORDS[role].may}.`}
          data={ROLE_OPTIONS}
          value={role}
          allowDeselect={false}
          data-autofocus
          error={errorAt(problem, "role")}
          onChange={(value) => value !== null && setDraft({ ...draft, role: value as Role })}
        />
        <TextInput
          label="Email address (optional)"
          description="The link is mailed there if mail is set up. It becomes theirs and counts as confirmed."
          type="email"
          autoComplete="off"
          value={email}
          error={errorAt(problem, "email")}
          onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
        />
        <TextInput
          label="Name (optional)"
          description="Without one they choose it themselves."
          autoComplete="off"
          value={name}
          error={errorAt(problem, "name")}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <FormProblem words={errorElsewhere(problem, ["role", "email", "name"])} />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              clear();
              onClose();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" loading={fetching}>
            Make the link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

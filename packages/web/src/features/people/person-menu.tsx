import { ActionIcon, Menu } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DotsIcon } from "../../components/icons.tsx";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { RenameDialog } from "./rename-dialog.tsx";

const DeactivatePersonMutation = graphql(`
  mutation DeactivatePerson($input: DeactivatePersonInput!) {
    deactivatePerson(input: $input) {
      __typename
      ... on DeactivatePersonSuccess {
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

const ReactivatePersonMutation = graphql(`
  mutation ReactivatePerson($input: ReactivatePersonInput!) {
    reactivatePerson(input: $input) {
      __typename
      ... on ReactivatePersonSuccess {
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

const ConfirmEmailMutation = graphql(`
  mutation ConfirmEmail($input: ConfirmEmailInput!) {
    confirmEmail(input: $input) {
      __typename
      ... on ConfirmEmailSuccess {
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

type Asked = "deactivate" | "reactivate" | "confirm-email" | "rename";

interface PersonMenuProps {
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly emailConfirmed: boolean;
    readonly deactivatedAt: string | null;
  };
  readonly self: boolean;
}

/** What an owner can do about somebody beside their role. */
export function PersonMenu({ person, self }: PersonMenuProps) {
  const [, deactivate] = useMutation(DeactivatePersonMutation);
  const [, reactivate] = useMutation(ReactivatePersonMutation);
  const [, confirm] = useMutation(ConfirmEmailMutation);
  const [asked, setAsked] = useState<Asked>();
  const { id, name, email } = person;
  const input = { personId: id };
  const close = () => setAsked(undefined);

  const onDeactivate = async () => {
    const outcome = outcomeOf(
      await deactivate({ input }),
      ({ deactivatePerson }) => deactivatePerson,
      "DeactivatePersonSuccess",
    );
    if (!outcome.ok) return outcome.words;
    toastDone(`${name} is deactivated.`);
    return undefined;
  };
  const onReactivate = async () => {
    const outcome = outcomeOf(
      await reactivate({ input }),
      ({ reactivatePerson }) => reactivatePerson,
      "ReactivatePersonSuccess",
    );
    if (!outcome.ok) return outcome.words;
    toastDone(`${name} is active again.`);
    return undefined;
  };
  const onConfirmEmail = async () => {
    const outcome = outcomeOf(
      await confirm({ input: { ...input, email: email ?? "" } }),
      ({ confirmEmail }) => confirmEmail,
      "ConfirmEmailSuccess",
    );
    if (!outcome.ok) return outcome.words;
    toastDone(`The address of ${name} is confirmed.`);
    return undefined;
  };

  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`More about ${name}`}>
            <DotsIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked("rename")}>Rename…</Menu.Item>
          {email !== null && !person.emailConfirmed && (
            <Menu.Item onClick={() => setAsked("confirm-email")}>Confirm the email address…</Menu.Item>
          )}
          {person.deactivatedAt === null ? (
            <Menu.Item c="var(--sluice-danger)" onClick={() => setAsked("deactivate")}>
              Deactivate…
            </Menu.Item>
          ) : (
            <Menu.Item onClick={() => setAsked("reactivate")}>Reactivate…</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asked === "deactivate"}
        title={self ? "Deactivate yourself?" : `Deactivate ${name}?`}
        confirmLabel="Deactivate"
        danger
        onClose={close}
        onConfirm={onDeactivate}
      >
        They are signed out at once, their API keys and decision links stop working, and they can no longer sign in.
        What they decided stays theirs. An owner can reactivate them.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "reactivate"}
        title={`Reactivate ${name}?`}
        confirmLabel="Reactivate"
        onClose={close}
        onConfirm={onReactivate}
      >
        They may do what their role allows again. Their API keys work again, and they can sign in.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "confirm-email"}
        title={`Is ${email ?? ""} the address of ${name}?`}
        confirmLabel="It is theirs"
        onClose={close}
        onConfirm={onConfirmEmail}
      >
        Policies that name this address mean {name} from then on. Confirm it only if you know it to be theirs: they
        wrote it themselves.
      </ConfirmDialog>
      {asked === "rename" && <RenameDialog person={person} onClose={close} />}
    </>
  );
}

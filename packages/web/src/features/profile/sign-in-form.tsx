import { Button, Group, PasswordInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { toastDone } from "../../components/toast.ts";
import type { ProfileQuery } from "../../gql/generated/graphql.ts";
import { errorAt, errorElsewhere } from "../../lib/problem.ts";
import { useUpdateProfile } from "./use-update-profile.ts";

const FIELDS = ["email", "password", "currentPassword"];
const MAX_WIDTH = 420;

/** Email address and password: what one signs in with. */
export function SignInForm({ viewer }: { readonly viewer: ProfileQuery["viewer"] }) {
  const { update, working, problem } = useUpdateProfile();
  const [email, setEmail] = useState(viewer.email ?? "");
  const [password, setPassword] = useState("");
  const [currentPassword, setCurrentPassword] = useState("");
  const newEmail = email.trim() !== (viewer.email ?? "") && email.trim() !== "";
  const changed = newEmail || password !== "";

  const save = async () => {
    const done = await update({
      ...(newEmail ? { email } : {}),
      ...(password === "" ? {} : { password }),
      ...(currentPassword === "" ? {} : { currentPassword }),
    });
    if (!done) return;
    toastDone(password === "" ? "Your email address was changed." : "This is what you sign in with from now on.");
    setPassword("");
    setCurrentPassword("");
  };

  return (
    <SectionCard title="Signing in" onSubmit={() => void (changed && save())}>
      {!viewer.hasPassword && (
        <Text size="sm">You came by a link. With an email address and a password you can come back without one.</Text>
      )}
      <TextInput
        label="Email address"
        type="email"
        autoComplete="username"
        maw={MAX_WIDTH}
        description={emailNote(viewer)}
        value={email}
        error={errorAt(problem, "email")}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={viewer.hasPassword ? "New password" : "Password"}
        autoComplete="new-password"
        maw={MAX_WIDTH}
        description={`At least 10 characters.${viewer.hasPassword ? " Leave it empty to keep the one you have. A new one ends your other sessions." : ""}`}
        value={password}
        error={errorAt(problem, "password")}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {viewer.hasPassword && (
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          maw={MAX_WIDTH}
          description="Needed for a new address or password. If you forgot it, sign in by a link: within an hour of that it may stay empty."
          value={currentPassword}
          error={errorAt(problem, "currentPassword")}
          onChange={(event) => setCurrentPassword(event.currentTarget.value)}
        />
      )}
      <FormProblem words={errorElsewhere(problem, viewer.hasPassword ? FIELDS : FIELDS.slice(0, 2))} />
      <Group>
        <Button type="submit" loading={working} disabled={!changed}>
          Save
        </Button>
      </Group>
    </SectionCard>
  );
}

function emailNote({ email, emailConfirmed }: ProfileQuery["viewer"]): string {
  if (email === null || emailConfirmed) return "Owners see it, other people do not.";
  return "Not confirmed yet: until an owner confirms it, policies that name this address do not mean you.";
}

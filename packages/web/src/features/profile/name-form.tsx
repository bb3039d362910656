import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { toastDone } from "../../components/toast.ts";
import type { ProfileQuery } from "../../gql/generated/graphql.ts";
import { errorAt, errorElsewhere } from "../../lib/problem.ts";
import { useUpdateProfile } from "./use-update-profile.ts";

/** The name that stands beside votes and decisions. Policies go by it, so only owners change theirs. */
export function NameForm({ viewer }: { readonly viewer: ProfileQuery["viewer"] }) {
  const { update, working, problem } = useUpdateProfile();
  const [name, setName] = useState(viewer.name);
  const mayRename = viewer.rights.includes("OWN");
  const changed = name.trim() !== viewer.name;

  const save = async () => {
    if (await update({ name })) toastDone("Your name was changed.");
  };

  return (
    <SectionCard title="Name" onSubmit={() => void (changed && save())}>
      <TextInput
        label="Name"
        autoComplete="name"
        maw={420}
        description={
          mayRename
            ? "Shown with your votes and decisions. Policies that name you go on naming the old one."
            : "Shown with your votes and decisions. Policies go by it, so an owner changes it."
        }
        readOnly={!mayRename}
        value={name}
        error={errorAt(problem, "name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <FormProblem words={errorElsewhere(problem, ["name"])} />
      {mayRename && (
        <Group>
          <Button type="submit" loading={working} disabled={!changed}>
            Change name
          </Button>
        </Group>
      )}
    </SectionCard>
  );
}

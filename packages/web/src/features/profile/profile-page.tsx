import { Stack, Text } from "@mantine/core";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ROLE_WORDS } from "../../lib/roles.ts";
import { DecisionLinks } from "./decision-links.tsx";
import { MailForm } from "./mail-form.tsx";
import { NameForm } from "./name-form.tsx";
import { useProfile } from "./profile-query.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** What one is known by, signs in with, and is told of. */
export function ProfilePage() {
  const [{ data, error }, refetch] = useProfile();
  return (
    <Stack gap="lg">
      <PageTitle>Profile</PageTitle>
      {data ? (
        <>
          <Text>
            Your role is <strong>{data.viewer.role.toLowerCase()}</strong>: somebody who{" "}
            {ROLE_WORDS[data.viewer.role].may}.{data.viewer.role !== "OWNER" && " An owner can change it."}
          </Text>
          <NameForm viewer={data.viewer} />
          <SignInForm viewer={data.viewer} />
          <MailForm viewer={data.viewer} sends={data.notificationSetup.email} />
          {data.viewer.rights.includes("DECIDE") && <DecisionLinks />}
        </>
      ) : (
        <LoadState what="profile" error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
      )}
    </Stack>
  );
}

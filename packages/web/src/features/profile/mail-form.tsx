import { Switch, Text } from "@mantine/core";
import { FormProblem } from "../../components/form-problem.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import type { ProfileQuery } from "../../gql/generated/graphql.ts";
import { useUpdateProfile } from "./use-update-profile.ts";

interface MailFormProps {
  readonly viewer: ProfileQuery["viewer"];
  /** Whether this server sends mail at all. */
  readonly sends: boolean;
}

/** Whether one is told by email of what waits. */
export function MailForm({ viewer, sends }: MailFormProps) {
  const { update, working, problem } = useUpdateProfile();
  return (
    <SectionCard title="Notifications">
      <Switch
        label="Email me about gates that wait for me, and about alerts"
        checked={viewer.emailNotifications}
        disabled={working}
        onChange={(event) => void update({ emailNotifications: event.currentTarget.checked })}
      />
      {!sends && (
        <Text size="sm" c="dimmed">
          This server sends no mail yet. Its operator sets SLUICE_SMTP_URL and SLUICE_MAIL_FROM for that.
        </Text>
      )}
      {sends && viewer.email === null && (
        <Text size="sm" c="dimmed">
          You have said no email address yet, so nothing can be sent to you.
        </Text>
      )}
      <FormProblem words={problem?.words} />
    </SectionCard>
  );
}

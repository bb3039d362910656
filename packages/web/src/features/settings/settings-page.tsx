import { Container, Stack, Title } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { type Section, SectionNav } from "../../components/section-nav.tsx";
import { useMay } from "../../lib/viewer.ts";

const OWN: readonly Section[] = [
  { to: "/settings/profile", label: "Profile" },
  { to: "/settings/api-keys", label: "API keys" },
  { to: "/settings/generators", label: "Generators" },
];
const OWNERS: readonly Section[] = [
  { to: "/settings/people", label: "People" },
  { to: "/settings/webhooks", label: "Webhooks" },
];

/** What one sets for oneself, what makes candidates here, and for owners what holds for everybody. */
export function SettingsPage() {
  const isOwner = useMay("OWN");
  return (
    <Container size="md" py="lg">
      <Stack gap="lg">
        <Title order={1} size="h2">
          Settings
        </Title>
        <SectionNav label="Settings" sections={isOwner ? [...OWN, ...OWNERS] : OWN} />
        <Outlet />
      </Stack>
    </Container>
  );
}

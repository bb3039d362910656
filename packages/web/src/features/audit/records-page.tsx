import { Container, Stack, Title } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { type Section, SectionNav } from "../../components/section-nav.tsx";

const SECTIONS: readonly Section[] = [
  { to: "/records", label: "Decisions", exact: true },
  { to: "/records/times", label: "Waiting times" },
];

/** What was decided, by whom, and how long it took. */
export function RecordsPage() {
  return (
    <Container size="lg" py="lg">
      <Stack gap="lg">
        <Title order={1} size="h2">
          Records
        </Title>
        <SectionNav label="Records" sections={SECTIONS} />
        <Outlet />
      </Stack>
    </Container>
  );
}

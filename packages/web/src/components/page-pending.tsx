import { Container, Skeleton, Stack } from "@mantine/core";

export function PagePending() {
  return (
    <Container size="lg" py="lg" role="status" aria-busy="true" aria-label="Loading the page">
      <Stack>
        <Skeleton height={32} width="40%" />
        <Skeleton height={120} />
        <Skeleton height={120} />
      </Stack>
    </Container>
  );
}

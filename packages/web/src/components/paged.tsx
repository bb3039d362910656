import { Button, Group } from "@mantine/core";
import { type ReactNode, useState } from "react";

export interface PageEnd {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

interface PagedProps {
  /** One page: what it lists after a cursor, and below it `next` with where it ended. */
  readonly page: (after: string | null, next: (end: PageEnd) => ReactNode) => ReactNode;
  readonly after?: string | null;
}

/** Pages one below the other, each read when somebody asks for it. Each asks with the end cursor of the one before. */
export function Paged({ page, after = null }: PagedProps) {
  const [more, setMore] = useState(false);
  return page(after, ({ hasNextPage, endCursor }) => {
    if (!hasNextPage) return null;
    if (more) return <Paged page={page} after={endCursor} />;
    return (
      <Group justify="center" p="sm">
        <Button variant="default" onClick={() => setMore(true)}>
          Show more
        </Button>
      </Group>
    );
  });
}

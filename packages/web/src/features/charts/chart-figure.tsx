import { Group, Table, Text, UnstyledButton } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";

interface ChartFigureProps {
  readonly title: string;
  /** What it shows, and how it is read. */
  readonly description: string;
  /** The same numbers: names of the columns, and rows of as many cells, the first of which names the row. */
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
  /** The drawing. It is hidden from screen readers, which are given the table. */
  readonly children: ReactNode;
}

/** A chart with its words, and its numbers as a table for whoever would rather have those. */
export function ChartFigure({ title, description, head, rows, children }: ChartFigureProps) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure style={{ margin: 0 }} aria-labelledby={`${id}-title`} aria-describedby={`${id}-words`}>
      <Group justify="space-between" gap="xs" align="baseline">
        <Text component="figcaption" size="sm" fw={600} id={`${id}-title`}>
          {title}
        </Text>
        <UnstyledButton
          onClick={() => setAsTable((on) => !on)}
          aria-pressed={asTable}
          fz="xs"
          c="dimmed"
          td="underline"
          aria-label={`${title} as a table`}
        >
          {asTable ? "as a chart" : "as a table"}
        </UnstyledButton>
      </Group>
      <Text size="xs" c="dimmed" mb="xs" id={`${id}-words`}>
        {description}
      </Text>
      {!asTable && <div aria-hidden="true">{children}</div>}
      <div style={asTable ? { overflowX: "auto" } : HIDDEN}>
        <Table aria-label={title} fz="xs">
          <Table.Thead>
            <Table.Tr>
              {head.map((words) => (
                <Table.Th key={words}>{words}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, cells: [first, ...rest] }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400}>
                  {first}
                </Table.Th>
                {rest.map((words, index) => (
                  <Table.Td key={head[index + 1]}>{words}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </figure>
  );
}

/** Out of sight, but read out. */
const HIDDEN = { position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" } as const;

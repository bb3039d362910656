import { Paper, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { durationWords } from "../../lib/duration.ts";

interface Waited {
  readonly count: number;
  readonly medianSeconds: number;
  readonly p90Seconds: number;
  readonly longestSeconds: number;
}

interface TimesTableProps<R extends Waited> {
  readonly title: string;
  readonly rows: readonly R[];
  readonly head: readonly string[];
  readonly cells: (row: R) => readonly string[];
}

/** The same four figures for each of several steps, people or ways. */
export function TimesTable<R extends Waited>({ title, rows, head, cells }: TimesTableProps<R>): ReactNode {
  if (rows.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <Paper withBorder radius="lg" style={{ overflow: "hidden" }}>
        <Table.ScrollContainer minWidth={520} scrollAreaProps={{ offsetScrollbars: false }}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {head.map((words) => (
                  <Table.Th key={words}>{words}</Table.Th>
                ))}
                {["Decisions", "Half within", "9 of 10 within", "Longest"].map((words) => (
                  <Table.Th key={words} ta="end">
                    {words}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={cells(row).join("\n")}>
                  {cells(row).map((words, at) => (
                    <Table.Td key={head[at]}>
                      <Text size="sm">{words}</Text>
                    </Table.Td>
                  ))}
                  {[
                    String(row.count),
                    durationWords(row.medianSeconds),
                    durationWords(row.p90Seconds),
                    durationWords(row.longestSeconds),
                  ].map((words, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always the same four.
                    <Table.Td key={at} ta="end">
                      {words}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Paper>
    </section>
  );
}

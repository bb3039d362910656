import { Text } from "@mantine/core";
import classes from "./file-changes.module.css";
import { type FileChange, patchLines } from "./file-changes-of.ts";

/** The files that an agent changed, each with its patch to unfold. */
export function FileChanges({ changes }: { readonly changes: readonly FileChange[] }) {
  return (
    <section aria-label="Changed files">
      <Text size="sm" fw={600} mb={4}>
        Changed files
      </Text>
      {changes.map((change) => (
        <Change key={change.file} change={change} open={changes.length === 1} />
      ))}
    </section>
  );
}

function Change({ change, open }: { readonly change: FileChange; readonly open: boolean }) {
  const { file, status, additions, deletions, patch } = change;
  return (
    <details className={classes.change} open={open}>
      <summary>
        <span className={classes.file}>{file}</span>{" "}
        <Text span size="xs" c="dimmed">
          {status}, +{additions} −{deletions}
        </Text>
      </summary>
      {patch === null ? (
        <Text size="xs" c="dimmed" px="sm" pb="xs">
          Its patch was not kept.
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is scrolled by keys as well.
        <section className={classes.patch} tabIndex={0} aria-label={`Patch of ${file}`}>
          {patchLines(patch).map(({ text, kind }, index) => {
            const Line = LINES[kind];
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a patch never change.
            return <Line key={index}>{text === "" ? " " : text}</Line>;
          })}
        </section>
      )}
    </details>
  );
}

const LINES = { added: "ins", removed: "del", place: "small", same: "span" } as const;

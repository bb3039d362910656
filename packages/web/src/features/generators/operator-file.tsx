import { Alert, Code, Text } from "@mantine/core";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

export const OperatorFile_FileFragment = graphql(`
  fragment OperatorFile_File on OperatorFile {
    path
    loadedAt
    error {
      message
      path
      line
    }
  }
`);

interface OperatorFileProps {
  /** Null where no file is set up. */
  readonly file: FragmentType<typeof OperatorFile_FileFragment> | null;
}

/** Whether what the operator's file says now is in force, or where it is wrong. */
export function OperatorFile({ file: ref }: OperatorFileProps) {
  const file = readFragment(OperatorFile_FileFragment, ref);
  if (!file) {
    return (
      <Text size="sm" c="dimmed">
        No operator's file is set up: there are the built-in generators alone. Name one in <Code>SLUICE_PIPELINES</Code>{" "}
        when Sluice is started.
      </Text>
    );
  }
  const { path, loadedAt, error } = file;
  if (!error) {
    return (
      <Text size="sm">
        <Code>{path}</Code> is in force, as it was read <RelativeTime at={loadedAt} />. A change of the file is in force
        within seconds; environment variables that it names, such as keys, are read when Sluice starts, so a change of
        those takes a restart.
      </Text>
    );
  }
  return (
    <Alert color="red" role="alert" title={`${path}${error.line === null ? "" : `, line ${error.line}`}: not in force`}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {error.path !== null && (
          <>
            <Code>{error.path}</Code>:{" "}
          </>
        )}
        {error.message}
      </Text>
      <Text size="sm" mt="xs">
        The file as it was read <RelativeTime at={loadedAt} /> stays in force until this is mended.
      </Text>
    </Alert>
  );
}

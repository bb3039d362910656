import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { candidateLabel } from "../../components/candidate-label.ts";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { toastDone } from "../../components/toast.ts";
import type { ImportDialogQuery as ImportDialogResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { counted } from "../../lib/words.ts";
import { DropArea } from "./drop-area.tsx";
import { FileRows } from "./file-rows.tsx";
import { useImport } from "./use-import.ts";

const ImportDialogQuery = graphql(`
  query ImportDialog($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        position
        name
        run {
          id
          steps {
            id
            position
            kind
            candidates(advancingOnly: true, first: 100) {
              edges {
                cursor
                node {
                  id
                  ...CandidateLabel_Candidate
                }
              }
            }
          }
        }
      }
    }
  }
`);

interface ImportDialogProps {
  readonly stepId: string;
  readonly onClose: () => void;
}

/** Adds candidates that were made elsewhere: they are compared and decided on like those that a generator made. */
export function ImportDialog({ stepId, onClose }: ImportDialogProps) {
  const [{ data, error }, refetch] = useQuery({ query: ImportDialogQuery, variables: { stepId } });
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={step ? `Import candidates into step ${step.position}` : "Import candidates"}
      centered
    >
      {step && <ImportForm step={step} onClose={onClose} />}
      {!data && (
        <LoadState what="step" height={240} error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
      )}
      {data && !step && <ErrorPanel title="There is no such step" words="Reload the page to see the run as it is." />}
    </Modal>
  );
}

interface ImportFormProps {
  readonly step: Extract<ImportDialogResult["node"], { __typename: "RunStep" }>;
  readonly onClose: () => void;
}

function ImportForm({ step, onClose }: ImportFormProps) {
  const { send, working, problem } = useImport();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [text, setText, clearText] = useDraft(`import ${step.id}`, "");
  const [source, setSource, clearSource] = useDraft(`import source ${step.id}`, "");
  // An approval step lets candidates of the step before it through, and has none of its own.
  const before = step.run.steps.findLast(({ position, kind }) => position < step.position && kind !== "APPROVAL");
  const parents = before ? nodesOf(before.candidates) : [];
  const [parentId, setParentId] = useState(parents[0]?.id);
  const count = files.length + (text.trim() === "" ? 0 : 1);

  const submit = async () => {
    const added = await send({ stepId: step.id, parentId, source, files, text });
    if (added === undefined) return;
    clearText();
    clearSource();
    toastDone(`${counted(added, "candidate")} added to step ${step.position}.`);
    onClose();
  };

  return (
    <Stack>
      <DropArea onFiles={(more) => setFiles([...files, ...more])} />
      {files.length > 0 && (
        <FileRows
          files={files}
          problems={problem?.files}
          onRemove={(file) => setFiles(files.filter((each) => each !== file))}
        />
      )}
      <Textarea
        label="Or a text"
        description="It becomes one candidate."
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        error={problem?.text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {before && (
        <NativeSelect
          label="Made from"
          description={`A candidate of step ${before.position} that advances.`}
          data={parents.map((parent) => ({ value: parent.id, label: `Candidate ${candidateLabel(parent)}` }))}
          value={parentId ?? ""}
          onChange={(event) => setParentId(event.currentTarget.value)}
        />
      )}
      <TextInput
        label="Where from (optional)"
        description="Kept with the candidates, such as the name of a program or of a person."
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <FormProblem words={problem?.words} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={count === 0} loading={working} onClick={() => void submit()}>
          {count === 0 ? "Import" : `Import ${counted(count, "candidate")}`}
        </Button>
      </Group>
    </Stack>
  );
}

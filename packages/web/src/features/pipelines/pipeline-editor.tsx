import { Button, Group, SegmentedControl, Skeleton, Stack } from "@mantine/core";
import { lazy, Suspense, useRef, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";
import type { LocatedProblem } from "./locate-problem.ts";
import { NewerVersion } from "./newer-version.tsx";
import { PipelineForm } from "./pipeline-form.tsx";
import classes from "./pipelines.module.css";
import { ProblemList } from "./problem-list.tsx";
import { useApply } from "./use-apply.ts";
import { useCheck } from "./use-check.ts";
import { useKnownNames } from "./use-known-names.ts";
import { type EditorSource, usePipelineDraft } from "./use-pipeline-draft.ts";
import { usePipelinesSchema } from "./use-pipelines-schema.ts";
import type { YamlEditorHandle } from "./yaml-editor.tsx";

/** Its library is most of what this page loads; the form is there before it. */
const YamlEditor = lazy(() => import("./yaml-editor.tsx").then(({ YamlEditor }) => ({ default: YamlEditor })));

interface PipelineEditorProps {
  readonly source: EditorSource;
  /** It can be looked at, and not changed. */
  readonly readOnly: boolean;
  readonly onApplied: (name: string) => void;
  readonly onReload: () => void;
}

const NO_PROBLEMS: readonly LocatedProblem[] = [];

/** A pipeline as a form and as YAML: two views of one document, of which each shows the other's changes at once. */
export function PipelineEditor({ source, readOnly, onApplied, onReload }: PipelineEditorProps) {
  const { draft, dirty, setText, takeNewest, goOver, discard } = usePipelineDraft(source);
  const { text, basedOn } = draft;
  const [view, setView] = useState<"form" | "text">("form");
  const editor = useRef<YamlEditorHandle>(null);
  const check = useCheck(text, !readOnly);
  const { names, schema } = { names: useKnownNames(), schema: usePipelinesSchema() };
  const { apply, working, problem } = useApply(source.name);

  const goTo = ({ from }: Pick<LocatedProblem, "from">) => {
    setView("text");
    // On a narrow screen it is shown only then.
    requestAnimationFrame(() => editor.current?.goTo(from));
  };
  const send = async () => {
    const first = check?.text === text ? check.problems[0] : undefined;
    if (first) return goTo(first);
    const applied = await apply(text, basedOn);
    if (applied === undefined) return onReload();
    discard();
    onApplied(applied);
  };

  return (
    <Stack gap="md">
      {dirty && source.version > basedOn && (
        <NewerVersion
          name={source.name ?? ""}
          basedOn={basedOn}
          version={source.version}
          onTake={takeNewest}
          onKeep={goOver}
        />
      )}
      <SegmentedControl
        className={classes.choice}
        fullWidth
        aria-label="View"
        value={view}
        onChange={(value) => setView(value === "text" ? "text" : "form")}
        data={[
          { value: "form", label: "Form" },
          { value: "text", label: "YAML" },
        ]}
      />
      <div className={classes.views}>
        <div data-hidden={view === "text" || undefined}>
          <PipelineForm text={text} names={names} readOnly={readOnly} onChange={setText} />
        </div>
        <div className={classes.text} data-view={view}>
          <Stack gap="sm">
            <div data-hidden={view === "form" || undefined}>
              <Suspense fallback={<Skeleton height={320} role="status" aria-label="Loading the editor" />}>
                <YamlEditor
                  ref={editor}
                  label="Pipeline as YAML"
                  value={text}
                  readOnly={readOnly}
                  problems={check?.problems ?? NO_PROBLEMS}
                  schema={schema}
                  names={names}
                  onChange={setText}
                />
              </Suspense>
            </div>
            {!readOnly && <ProblemList check={check} onChoose={goTo} />}
            <FormProblem words={problem} />
            {!readOnly && (
              <Group justify="flex-end" gap="xs">
                <Button variant="default" disabled={!dirty} onClick={discard}>
                  Discard the changes
                </Button>
                <Button loading={working} disabled={!dirty && source.name !== undefined} onClick={() => void send()}>
                  Apply
                </Button>
              </Group>
            )}
          </Stack>
        </div>
      </div>
      <LeaveDialog dirty={dirty && !readOnly} onDiscard={discard} />
    </Stack>
  );
}

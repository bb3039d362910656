import { setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useComputedColorScheme } from "@mantine/core";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { editing } from "./code-mirror.ts";
import type { KnownNames } from "./completions.ts";
import classes from "./pipelines.module.css";
import type { JsonSchema } from "./schema-words.ts";
import { changeOf } from "./text-change.ts";

/** A problem with the characters that it is about. */
export interface MarkedProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface YamlEditorHandle {
  /** Goes to a character, and shows it. */
  readonly goTo: (position: number) => void;
}

interface YamlEditorProps {
  readonly ref?: Ref<YamlEditorHandle>;
  readonly label: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly problems: readonly MarkedProblem[];
  readonly schema: JsonSchema | undefined;
  readonly names: KnownNames;
  readonly onChange: (value: string) => void;
}

/** Marks what came from outside, which is no change that somebody made here. */
const fromOutside = Annotation.define<boolean>();

/** A text editor for YAML, with problems underlined and at the side, and completions. */
export function YamlEditor({ ref, label, value, readOnly, problems, schema, names, onChange }: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const parts = useRef({ dark: new Compartment(), readOnly: new Compartment() });
  const known = useRef({ schema, names });
  useEffect(() => {
    known.current = { schema, names };
  }, [schema, names]);
  const changed = useEffectEvent(onChange);
  const begin = useEffectEvent((parent: HTMLElement) => {
    const created = new EditorView({
      parent,
      doc: value,
      extensions: [
        editing({ label, schema: () => known.current.schema, names: () => known.current.names }),
        parts.current.dark.of(EditorView.darkTheme.of(dark)),
        parts.current.readOnly.of(readOnlyIs(readOnly)),
        EditorView.updateListener.of((update) => {
          const own = update.docChanged && !update.transactions.some((each) => each.annotation(fromOutside));
          if (own) changed(update.state.doc.toString());
        }),
      ],
    });
    view.current = created;
    return created;
  });

  useEffect(() => {
    if (!host.current) return;
    const created = begin(host.current);
    return () => {
      view.current = null;
      created.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    const change = editor && changeOf(editor.state.doc.toString(), value);
    if (editor && change) editor.dispatch({ changes: change, annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    const { dark: darkPart, readOnly: readOnlyPart } = parts.current;
    view.current?.dispatch({
      effects: [darkPart.reconfigure(EditorView.darkTheme.of(dark)), readOnlyPart.reconfigure(readOnlyIs(readOnly))],
    });
  }, [dark, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const marks = problems.map(({ from, to, message }) => ({
      from: Math.min(from, end),
      to: Math.min(to, end),
      severity: "error" as const,
      message,
    }));
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems]);

  useImperativeHandle(
    ref,
    () => ({
      goTo(position) {
        const editor = view.current;
        if (!editor) return;
        const anchor = Math.min(position, editor.state.doc.length);
        editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
        editor.focus();
      },
    }),
    [],
  );

  return <div ref={host} className={classes.editor} />;
}

function readOnlyIs(readOnly: boolean) {
  // Still focusable and selectable: it can be read and copied by keyboard.
  return [EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ "aria-readonly": String(readOnly) })];
}

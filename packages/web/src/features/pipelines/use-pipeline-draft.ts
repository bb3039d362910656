import { useDraft } from "../../lib/use-draft.ts";

export interface EditorSource {
  /** Tells this draft from others. */
  readonly key: string;
  /** The pipeline that is changed; undefined for a new one. */
  readonly name: string | undefined;
  /** What to begin with. */
  readonly text: string;
  /** Its newest version; 0 for a new one. */
  readonly version: number;
}

interface PipelineDraft {
  readonly text: string;
  /** What it was before anybody changed it here. */
  readonly original: string;
  /** The version that this was; 0 for a new pipeline. */
  readonly basedOn: number;
}

/**
 * What is written of a pipeline. It outlasts a reload. While nothing was changed it follows the newest version; from then on it
 * stays what it is until somebody decides.
 */
export function usePipelineDraft({ key, text, version }: EditorSource) {
  const newest: PipelineDraft = { text, original: text, basedOn: version };
  const [kept, setDraft, clear] = useDraft<PipelineDraft>(`pipeline ${key}`, newest);
  const dirty = kept.text !== kept.original;
  const draft = dirty ? kept : newest;
  return {
    draft,
    dirty,
    setText: (next: string) => setDraft({ ...draft, text: next }),
    /** Drops what was written for the newest version. */
    takeNewest: () => setDraft(newest),
    /** Keeps what was written, as a change of the newest version. */
    goOver: () => setDraft({ ...newest, text: draft.text }),
    discard: () => {
      clear();
      setDraft(newest);
    },
  };
}

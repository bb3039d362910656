import { type Dispatch, type SetStateAction, useEffect, useState } from "react";
import { forgetDraft, readDraft, writeDraft } from "./drafts.ts";

/**
 * State that a reload of the page does not lose: kept in this tab until `clear` is called, which is once it was sent.
 * Draws the initial value again when `key` changes. Give a key of its own to each thing that is written about, such as
 * `reject ${step.id}`, and never keep a secret in it.
 */
export function useDraft<T>(
  key: string,
  initial: T,
): readonly [draft: T, setDraft: Dispatch<SetStateAction<T>>, clear: () => void] {
  const [state, setState] = useState(() => ({ key, draft: readDraft(sessionStorage, key, initial) }));
  const current = state.key === key ? state : { key, draft: readDraft(sessionStorage, key, initial) };
  if (current !== state) setState(current);
  const { draft } = current;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `initial` is often made anew each time, and is no change.
  useEffect(() => writeDraft(sessionStorage, key, draft, initial), [key, draft]);

  const setDraft = (next: SetStateAction<T>) =>
    setState((last) => ({ ...last, draft: typeof next === "function" ? (next as (draft: T) => T)(last.draft) : next }));
  const clear = () => {
    // At once: whoever clears a draft often leaves with it, and no effect follows then.
    forgetDraft(sessionStorage, key);
    setState({ key, draft: initial });
  };
  return [draft, setDraft, clear];
}

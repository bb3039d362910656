import { useEffect, useState } from "react";
import { useClient } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { type LocatedProblem, locate } from "./locate-problem.ts";

const CheckPipelinesQuery = graphql(`
  query CheckPipelines($yaml: String!) {
    checkPipelines(yaml: $yaml) {
      problems {
        message
        line
        path
      }
      pipelines
    }
  }
`);

/** Long enough that no half-written word is asked about, short enough to seem at once. */
const QUIET_MS = 350;

export interface Check {
  /** The text that was checked; what stands there may be newer. */
  readonly text: string;
  readonly problems: readonly LocatedProblem[];
  /** Why it could not be checked. */
  readonly failed?: string;
}

/**
 * What is wrong with a document, as the server would say when it is applied; asked whenever somebody pauses. Undefined until
 * the first answer, and for people who may not apply anything.
 */
export function useCheck(text: string, may: boolean): Check | undefined {
  const client = useClient();
  const [check, setCheck] = useState<Check>();
  useEffect(() => {
    if (!may) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const { data, error } = await client
        .query(CheckPipelinesQuery, { yaml: text }, { requestPolicy: "network-only" })
        .toPromise();
      // An answer about a text that has changed meanwhile is late, and another one is on its way.
      if (!wanted) return;
      if (data) setCheck({ text, problems: data.checkPipelines.problems.map((problem) => locate(text, problem)) });
      else setCheck({ text, problems: [], ...(error && { failed: wordsForError(error) }) });
    }, QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text, may, client]);
  return check;
}

import type { InvalidPipelineError } from "../errors.ts";
import { type PipelinesDocument, pipelinesDocument } from "./document.ts";
import { completeSentence, explainIssue } from "./explain-issue.ts";
import type { GeneratorKind } from "./generator-kind.ts";
import type { YamlSource } from "./yaml-source.ts";

/** The schema by its kinds, which stay the same as long as a process runs. */
const documents = new WeakMap<readonly GeneratorKind[], ReturnType<typeof pipelinesDocument>>();

/**
 * The document, once all of it has the shape that it should have.
 *
 * @param hides what a message about each generator must not show
 * @returns otherwise what is wrong, in the order in which it is read
 * @throws InvalidPipelineError for an empty document
 */
export function checkShape(
  source: YamlSource,
  kinds: readonly GeneratorKind[],
  hides: readonly ((text: string) => string)[],
): { readonly document: PipelinesDocument } | { readonly problems: readonly InvalidPipelineError[] } {
  if (source.value === null) {
    throw source.problem('The document is empty. It needs "pipelines", a list of at least one pipeline.', []);
  }
  const document = documents.get(kinds) ?? pipelinesDocument(kinds);
  documents.set(kinds, document);
  const parsed = document.safeParse(source.value, { error: explainIssue, reportInput: true });
  if (parsed.success) return { document: parsed.data };
  const { issues } = parsed.error;
  const misspelt = new Set(
    issues.filter(({ code }) => code === "unrecognized_keys").map(({ path }) => path.join("\0")),
  );
  const problems = issues
    // Where a key is misspelt, the same key is missing too: only the first says what to do.
    .filter(({ path, input }) => !(input === undefined && misspelt.has(path.slice(0, -1).join("\0"))))
    .map((issue) => {
      const [section, index] = issue.path;
      const hide = section === "generators" && typeof index === "number" ? hides[index] : undefined;
      return source.problem(
        hide ? hide(completeSentence(issue)) : issue.message,
        issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path,
      );
    });
  // Those of one line stay in order.
  return { problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

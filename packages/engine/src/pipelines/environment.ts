import type { SourcePath, YamlSource } from "./yaml-source.ts";

/** Values by name; an empty one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What texts became, and how to keep it out of messages. */
export interface Expanded {
  readonly value: unknown;
  /** The same text with what came from the environment written as `${NAME}` again: it may be a secret. */
  hide(text: string): string;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Shorter ones are no secrets, and would be found within ordinary words. */
const SHORTEST_HIDDEN = 6;

/**
 * Puts values of the environment into the texts of a part of a document: `${NAME}` becomes the value, `$${` a plain `${`.
 *
 * @param value what is at `path`
 * @throws InvalidPipelineError for a name that is not set, at its place
 */
export function expandEnvironment(
  value: unknown,
  { source, path, environment }: { source: YamlSource; path: SourcePath; environment: Environment },
): Expanded {
  const used = new Map<string, string>();
  const expanded = expand(value, path);
  return {
    value: expanded,
    hide: (text) =>
      [...used]
        .filter(([, secret]) => secret.length >= SHORTEST_HIDDEN)
        // A value within a longer one would leave the rest of that to be read.
        .toSorted(([, one], [, other]) => other.length - one.length)
        .reduce((before, [name, secret]) => before.replaceAll(secret, `\${${name}}`), text),
  };

  function expand(inner: unknown, at: SourcePath): unknown {
    if (typeof inner === "string") return expandText(inner, at);
    if (Array.isArray(inner)) return inner.map((item, index) => expand(item, [...at, index]));
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, expand(item, [...at, key])]));
  }

  function expandText(text: string, at: SourcePath): string {
    return text.replaceAll(REFERENCE, (whole, name: string | undefined, end: string | undefined) => {
      if (name === undefined) return "${";
      if (!end || !NAME.test(name)) {
        throw source.problem(
          `"${whole}" names no environment variable. Write \${NAME} for one, and $\${ for a plain \${.`,
          at,
        );
      }
      const found = environment[name];
      if (!found) {
        throw source.problem(
          `The environment variable ${name} is not set. Set it for Sluice and for each worker of its own, or write $\${${name}} if the text is meant as it stands.`,
          at,
        );
      }
      used.set(name, found);
      return found;
    });
  }
}

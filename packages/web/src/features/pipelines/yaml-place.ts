/** Where somebody writes in a YAML document, found from its indentation: while one writes it is often no valid one. */
export interface YamlPlace {
  /** Of the mapping that is written in; "[]" is an entry of a list. */
  readonly path: readonly string[];
  /** The key whose value is written; undefined while a key is. */
  readonly key: string | undefined;
  /** What is written of the word so far. */
  readonly word: string;
}

const KEY = /^([\w-]*)$/;
const VALUE = /^([\w-]+):[ \t]+([^\s,{}[\]#"']*)$/;
const OWNER = /^([\w-]+):(?:\s*(?:#.*)?$|\s)/;

/** @param before the text up to where it is written */
export function placeIn(before: string): YamlPlace | undefined {
  const lines = before.split("\n");
  const line = lines.pop() ?? "";
  const { indent, entries, rest } = partsOf(line);
  const around = pathOf(lines, indent, entries > 0);
  // Inside `{ … }` on this line: its own keys, under whatever stands before the brace.
  const open = rest.lastIndexOf("{");
  const inFlow = open >= 0 && !rest.slice(open).includes("}");
  const owner = inFlow ? OWNER.exec(rest.slice(0, open).split(/[{,]/).at(-1)?.trim() ?? "")?.[1] : undefined;
  const path = [...around, ...Array<string>(entries).fill("[]"), ...(owner === undefined ? [] : [owner])];
  const text = inFlow
    ? (
        rest
          .slice(open + 1)
          .split(",")
          .at(-1) ?? ""
      ).trimStart()
    : rest;
  const value = VALUE.exec(text);
  if (value) return { path, key: value[1], word: value[2] ?? "" };
  const key = KEY.exec(text);
  return key ? { path, key: undefined, word: key[1] ?? "" } : undefined;
}

interface LineParts {
  /** Columns before the first character that is none of a list's dashes; a dash counts as indentation. */
  readonly indent: number;
  /** How many lists begin an entry on this line. */
  readonly entries: number;
  readonly rest: string;
}

function partsOf(line: string): LineParts {
  const lead = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  let rest = line.slice(lead);
  let entries = 0;
  while (/^-[ \t]+/.test(rest)) {
    rest = rest.replace(/^-[ \t]+/, "");
    entries += 1;
  }
  return { indent: lead, entries, rest };
}

/** The keys over a line, from the outermost, found upwards by ever smaller indentation. */
function pathOf(lines: readonly string[], indent: number, isEntry: boolean): string[] {
  const path: string[] = [];
  let column = indent;
  // A list may begin in the column of the key that holds it.
  let entry = isEntry;
  for (const line of lines.toReversed()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const parts = partsOf(line);
    const inner = line.length - parts.rest.length;
    const key = OWNER.exec(parts.rest)?.[1];
    if (parts.entries > 0 && inner === column) {
      // The mapping that is written in began with this line's dash.
      path.unshift(...Array<string>(parts.entries).fill("[]"));
      column = parts.indent;
      entry = true;
    } else if (parts.entries > 0 && inner < column && key !== undefined) {
      path.unshift(...Array<string>(parts.entries).fill("[]"), key);
      column = parts.indent;
      entry = true;
    } else if (
      parts.entries === 0 &&
      key !== undefined &&
      (parts.indent < column || (entry && parts.indent === column))
    ) {
      path.unshift(key);
      column = parts.indent;
      entry = false;
    }
  }
  return path;
}

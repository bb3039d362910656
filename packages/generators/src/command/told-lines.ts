/** A line that is longer is told in pieces. */
const MAX_LINE = 2_000;
/** Lines that a failure is explained with. */
const LAST_LINES = 5;

export interface ToldLines {
  add(bytes: Uint8Array): void;
  /** Tells what has no line's end yet. */
  end(): void;
  /** The last lines that were not about progress. */
  readonly last: readonly string[];
}

/**
 * Reads what a program tells on its standard error: lines `progress 0.5 a few words` are progress, others are its log.
 */
export function toldLines(context: {
  progress(share: number, message?: string): void;
  log(line: string): void;
}): ToldLines {
  const decoder = new TextDecoder();
  const last: string[] = [];
  let rest = "";
  const tell = (line: string): void => {
    const progress = /^progress\s+(\d*\.?\d+)(%?)(?:\s+(.*))?$/.exec(line);
    if (progress) {
      const share = Number(progress[1]) / (progress[2] === "%" ? 100 : 1);
      context.progress(Math.min(1, share), progress[3]);
      return;
    }
    if (line.trim() === "") return;
    context.log(line);
    last.push(line.trim());
    if (last.length > LAST_LINES) last.shift();
  };
  const take = (text: string): void => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) for (const piece of pieces(line)) tell(piece);
    while (rest.length > MAX_LINE) {
      tell(rest.slice(0, MAX_LINE));
      rest = rest.slice(MAX_LINE);
    }
  };
  return {
    last,
    add: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end() {
      take(decoder.decode());
      if (rest) tell(rest);
      rest = "";
    },
  };
}

function pieces(line: string): string[] {
  if (line.length <= MAX_LINE) return [line];
  return Array.from({ length: Math.ceil(line.length / MAX_LINE) }, (_, i) =>
    line.slice(i * MAX_LINE, (i + 1) * MAX_LINE),
  );
}

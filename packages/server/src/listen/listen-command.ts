// `npm run sluice -- listen --alerts`: tells another program of every change of an alert.
import { SetupError } from "@sluice/db";
import { readSettings } from "../env.ts";
import { publishedAddress } from "../server-address.ts";
import { runAlertCommand } from "./alert-command.ts";
import { alertFeed } from "./alert-feed.ts";
import { type AlertLine, alertLine } from "./alert-line.ts";
import { cursorFile } from "./cursor-file.ts";
import { graphqlFeed } from "./graphql-feed.ts";
import { type ListenOptions, readListenOptions } from "./options.ts";

/**
 * Listens until Ctrl-C or SIGTERM, or until nobody reads what it prints. Each change is told at least once: what is told is
 * noted after it was told. A listener that is killed in between tells that one again; its cursor is the same.
 *
 * @throws SetupError when the token is refused, or the state cannot be kept
 */
export async function listenCommand(args: readonly string[]): Promise<void> {
  const options = readListenOptions(args);
  const settings = readSettings();
  const token = options.token ?? settings.token;
  if (!token) {
    throw new SetupError(
      "Say who listens, with --token or SLUICE_TOKEN. This makes a token: npm run --silent sluice -- token --name listener --role VIEWER --scopes VIEW",
    );
  }
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // Nobody reads any more: `listen … | head -1`.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", stop);
  const onNote = (note: string): void => void process.stderr.write(`${note}\n`);

  const address = async (): Promise<string> =>
    options.url ?? (await publishedAddress(settings.dataDir)) ?? `http://${settings.host}:${settings.port}`;
  try {
    await using feed = graphqlFeed({ address, token, onNote, signal: stopping.signal });
    await tellAll(options, feed, {
      tell: async (line) => {
        if (options.exec === undefined) return await print(line, stopping.signal);
        return await runAlertCommand(line, { command: options.exec, onNote, signal: stopping.signal });
      },
      origin: async () => settings.publicUrl ?? (await address()),
    });
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, stop);
  }
}

async function tellAll(
  { state, since }: ListenOptions,
  feed: Parameters<typeof alertFeed>[0],
  to: { readonly tell: (line: AlertLine) => Promise<boolean>; readonly origin: () => Promise<string> },
): Promise<void> {
  const file = state === undefined ? null : cursorFile(state);
  const from = (await file?.read()) ?? since ?? null;
  for await (const { alert, cursor } of alertFeed(feed, from)) {
    if (alert && !(await to.tell(alertLine(alert, await to.origin())))) return;
    if (cursor !== null) await file?.write(cursor);
  }
}

/** Resolves once the line is handed over. */
async function print(line: AlertLine, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return await new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(line)}\n`, (error) => resolve(!error));
  });
}

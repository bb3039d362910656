import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SetupError } from "@sluice/db";
import { InvalidInputError, parseAlertCursor } from "@sluice/engine";

export const LISTEN_USAGE = `  listen --alerts                    prints each change of an alert as one line of JSON, and misses none
      [--url http://host:4000]       the server; the one that runs on this data folder when left out
      [--token slt_…]                who listens; SLUICE_TOKEN when left out
      [--exec 'command']             runs a command for each instead: JSON on its standard input, SLUICE_ALERT_… set
      [--state file]                 keeps in this file how far it has come, and goes on there
      [--since cursor]               begins behind this change, where there is no state yet
`;

/** What `npm run sluice -- listen` was asked for. */
export interface ListenOptions {
  /** Without a slash at its end. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly exec: string | undefined;
  /** Absolute. */
  readonly state: string | undefined;
  readonly since: string | undefined;
}

/** @throws SetupError that says what is wrong, and how it is done */
export function readListenOptions(args: readonly string[]): ListenOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        alerts: { type: "boolean" },
        url: { type: "string" },
        token: { type: "string" },
        exec: { type: "string" },
        state: { type: "string" },
        since: { type: "string" },
      },
    });
    if (!values.alerts) throw new Error("Say what to listen for: --alerts.");
    for (const name of ["token", "exec", "state"] as const) {
      if (values[name]?.trim() === "") throw new Error(`--${name} is empty.`);
    }
    if (values.since !== undefined) parseAlertCursor(values.since);
    return {
      url: values.url === undefined ? undefined : serverUrl(values.url),
      token: values.token?.trim(),
      exec: values.exec,
      state: values.state === undefined ? undefined : resolve(values.state),
      since: values.since,
    };
  } catch (error) {
    const reason =
      error instanceof InvalidInputError
        ? "--since takes the cursor of a line that was printed."
        : (error as Error).message;
    throw new SetupError(`${reason}\n\n${LISTEN_USAGE}`);
  }
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(`--url takes an address such as http://127.0.0.1:4000, not "${text}".`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/(graphql\/?)?$/, "");
}

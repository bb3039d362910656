import { SetupError } from "@sluice/db";
import { CloseCode } from "graphql-ws";

const REFUSED =
  "The token was refused. One that may listen: npm run --silent sluice -- token --name listener --role VIEWER --scopes VIEW";

/**
 * Why there is no answer, as a sentence for whoever waits.
 *
 * @param error what the client gave: the errors of an answer, the event of a socket that was closed, or an Error
 * @throws SetupError where trying again is of no use
 */
export function explain(error: unknown): string {
  if (closeCode(error) === CloseCode.Forbidden) throw new SetupError(REFUSED);
  if (!Array.isArray(error)) return `The connection broke${error instanceof Error ? `: ${error.message}.` : "."}`;
  const [first] = error as { message: string; extensions?: { code?: string } }[];
  switch (first?.extensions?.code) {
    case "UNAUTHENTICATED":
    case "FORBIDDEN":
      throw new SetupError(REFUSED);
    case "BAD_CURSOR":
      throw new SetupError(`${first.message} Begin anew: without --since, and with another --state file.`);
    case "GRAPHQL_VALIDATION_FAILED":
    case "GRAPHQL_PARSE_FAILED":
      throw new SetupError(`The server is of another version than this command: ${first.message}`);
    default:
      return `The server said: ${first?.message ?? "nothing"}`;
  }
}

/** The code with which a socket was closed, of what graphql-ws gives for it. */
export function closeCode(event: unknown): number | undefined {
  return typeof event === "object" && event !== null && "code" in event && typeof event.code === "number"
    ? event.code
    : undefined;
}

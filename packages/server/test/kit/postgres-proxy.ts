import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** What a client asks of PostgreSQL at once: everything up to a Sync, or a simple query. */
export interface Statement {
  /** Numbered from 1, in the order in which they were opened. */
  readonly connection: number;
  readonly sql: string;
  /** In text form; null where they are null or were sent in binary. */
  readonly parameters: readonly (string | null)[];
}

/**
 * What becomes of a statement: it passes; it is held back, and PostgreSQL never hears of it; or it passes and its
 * client never hears the answer. A connection that was held back or muted stays so until its client is gone.
 */
export type Verdict = "pass" | "hold" | "mute";

export interface PostgresProxyOptions {
  /** Asked about each statement before it passes. */
  judge(statement: Statement): Verdict;
  /** Called when PostgreSQL has answered a muted statement. */
  onMutedAnswer?(statement: Statement): void;
}

/** A way to PostgreSQL on which single statements can be held back or left unanswered. */
export interface PostgresProxy extends AsyncDisposable {
  /** Such as the database's own, with the proxy's address. */
  readonly url: string;
}

/** Stands between a process and its database. When the process dies, PostgreSQL sees its connections end at once. */
export async function postgresProxy(databaseUrl: string, options: PostgresProxyOptions): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((client) => {
    const connection = ++connections;
    const database = dial({ host: target.hostname, port: Number(target.port || 5432), noDelay: true });
    client.setNoDelay(true);
    let state: "passing" | "held" | "muted" = "passing";
    let muted: Statement | undefined;
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }

    const read = statementReader((bytes, asked) => {
      if (state !== "passing") return;
      const statement = asked && { connection, ...asked };
      const verdict = statement ? options.judge(statement) : "pass";
      if (verdict === "hold") {
        state = "held";
        return;
      }
      if (verdict === "mute") {
        state = "muted";
        muted = statement;
      }
      database.write(bytes);
    });
    client.on("data", read);
    database.on("data", (bytes) => {
      if (state === "passing") client.write(bytes);
      if (!muted) return;
      options.onMutedAnswer?.(muted);
      muted = undefined;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Asked = Pick<Statement, "sql" | "parameters">;

/**
 * Cuts what a client sends into statements, by the framing of PostgreSQL's frontend protocol (version 3): a message is
 * a letter, its length, its body; the first message of a connection has no letter.
 *
 * @param pass gets everything in its order: a whole statement, or bytes that ask for nothing (start, password, goodbye)
 */
function statementReader(pass: (bytes: Buffer, asked: Asked | undefined) => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let started = false;
  /** Messages since the last Sync. */
  let messages: Buffer[] = [];
  let sql = "";
  let parameters: (string | null)[] = [];
  const prepared = new Map<string, string>();

  return (chunk) => {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    for (;;) {
      const header = started ? 5 : 4;
      if (pending.length < header) return;
      const length = pending.readInt32BE(header - 4) + (header - 4);
      if (pending.length < length) return;
      const message = pending.subarray(0, length);
      pending = pending.subarray(length);
      if (!started) {
        // A request for TLS comes before the start, and is answered first.
        started = message.readInt32BE(4) === PROTOCOL_3;
        pass(message, undefined);
        continue;
      }
      const type = String.fromCharCode(message[0]!);
      messages.push(message);
      switch (type) {
        case "P": {
          const [name, text] = texts(message, 5, 2) as [string, string];
          prepared.set(name, text);
          break;
        }
        case "B": {
          const [, name] = texts(message, 5, 2) as [string, string];
          sql = prepared.get(name) ?? "";
          parameters = boundParameters(message);
          break;
        }
        case "Q":
        case "S": {
          const asked = type === "Q" ? { sql: texts(message, 5, 1)[0]!, parameters: [] } : { sql, parameters };
          const bytes = Buffer.concat(messages);
          messages = [];
          [sql, parameters] = ["", []];
          pass(bytes, asked);
          break;
        }
        case "X":
        case "p":
          pass(Buffer.concat(messages), undefined);
          messages = [];
          break;
        default:
        // Describe, Execute, Close, Flush: part of what the next Sync ends.
      }
    }
  };
}

const PROTOCOL_3 = 196_608;

/** Texts that end with a zero byte. */
function texts(message: Buffer, from: number, count: number): string[] {
  const found: string[] = [];
  let at = from;
  while (found.length < count) {
    const end = message.indexOf(0, at);
    found.push(message.toString("utf8", at, end));
    at = end + 1;
  }
  return found;
}

/** Of a Bind: two names, the formats of its parameters, the parameters with their lengths. */
function boundParameters(message: Buffer): (string | null)[] {
  let at = message.indexOf(0, message.indexOf(0, 5) + 1) + 1;
  const int16 = (): number => {
    at += 2;
    return message.readInt16BE(at - 2);
  };
  const formats = Array.from({ length: int16() }, int16);
  return Array.from({ length: int16() }, (_, index) => {
    const length = message.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    // One format is meant for all; none means text.
    const binary = (formats.length > 1 ? formats[index] : formats[0]) === 1;
    return binary ? null : message.toString("utf8", at - length, at);
  });
}

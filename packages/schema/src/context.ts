import type { PrismaClient } from "@sluice/db";
import type {
  Actor,
  AgentCatalog,
  Engine,
  Generator,
  GeneratorCatalog,
  GeneratorHealth,
  ReceiverGuard,
} from "@sluice/engine";
import type { Identity } from "./identity.ts";

/** What resolvers get. One per operation; a subscription has a fresh one for each value it sends. */
export interface SchemaContext {
  readonly engine: Engine;
  /** For the Prisma plugin and for reads alone: writes go through the engine's commands. */
  readonly prisma: PrismaClient;
  /** What pipelines that are applied over the API may refer to, as it is now: the operator's file may change. */
  readonly generators: GeneratorCatalog;
  readonly agents: AgentCatalog;
  readonly setup: SetupPort;
  /** People, invitations and keys; how they are kept is the server's matter. */
  readonly identity: Identity;
  readonly notifications: NotificationPort;
  /** Who was authenticated. Nobody reaches the schema without. */
  readonly actor: Actor;
  /** Aborted once nobody waits for the answer of this operation; null where that is not known. */
  readonly gone: AbortSignal | null;
  /** The loaders of this operation, by the field that they load. */
  readonly loaders: WeakMap<object, unknown>;
}

/** What the operator has set up, as this process knows it. */
export interface SetupPort {
  /** In the order of the operator's file, the built-in ones first. */
  generators(): readonly GeneratorSetup[];
  /** Looks whether what a generator needs is there. What was found within the last 15 s is found again. */
  checkGenerator(name: string): Promise<CheckedHealth>;
  /** Null where no file is set up. */
  operatorFile(): OperatorFileState | null;
}

export interface GeneratorSetup extends Pick<Generator, "name" | "media"> {
  /** As the operator's file says it; the built-in ones are kinds of their own. */
  readonly kind: string;
  /** Jobs at a time over all workers; null for as many as the workers take. */
  readonly concurrency: number | null;
  readonly runs: "here" | "elsewhere";
}

export interface CheckedHealth extends GeneratorHealth {
  readonly checkedAt: Date;
}

export interface OperatorFileState {
  /** The file's name, without its folder. */
  readonly path: string;
  /** When what is in force was read. */
  readonly loadedAt: Date;
  /** Why what the file says now is not in force; null where it is. */
  readonly error: OperatorFileError | null;
  /** Names of the pipelines that it declares. */
  readonly pipelines: readonly string[];
}

export interface OperatorFileError {
  readonly message: string;
  /** Where in the file, such as `generators[0].url`. */
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
}

/** What of notifications only the server knows. */
export interface NotificationPort {
  /** Says which addresses webhooks may have. */
  readonly receivers: ReceiverGuard;
  /** Mail can be sent. */
  readonly email: boolean;
  /** Webhooks may lead to private addresses. */
  readonly privateReceivers: boolean;
  /** Where links in messages lead, without a slash at its end. */
  readonly origin: () => string;
}

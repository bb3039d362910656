import type { PrismaClient } from "@sluice/db";
import type { Actor, AgentCatalog, Engine, GeneratorCatalog, ReceiverGuard } from "@sluice/engine";
import type { Identity } from "./identity.ts";

/** What resolvers get. One per operation; a subscription has a fresh one for each value it sends. */
export interface SchemaContext {
  readonly engine: Engine;
  /** For the Prisma plugin and for reads alone: writes go through the engine's commands. */
  readonly prisma: PrismaClient;
  /** What pipelines that are applied over the API may refer to. */
  readonly generators: GeneratorCatalog;
  readonly agents: AgentCatalog;
  /** People, invitations and keys; how they are kept is the server's matter. */
  readonly identity: Identity;
  readonly notifications: NotificationPort;
  /** Who was authenticated. Nobody reaches the schema without. */
  readonly actor: Actor;
  /** The loaders of this operation, by the field that they load. */
  readonly loaders: WeakMap<object, unknown>;
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

import type { PrismaClient } from "@sluice/db";
import type { Actor, AgentCatalog, Engine, GeneratorCatalog } from "@sluice/engine";

/** What resolvers get. One per operation; a subscription has a fresh one for each value it sends. */
export interface SchemaContext {
  readonly engine: Engine;
  /** For the Prisma plugin and for reads alone: writes go through the engine's commands. */
  readonly prisma: PrismaClient;
  /** What pipelines that are applied over the API may refer to. */
  readonly generators: GeneratorCatalog;
  readonly agents: AgentCatalog;
  /** Who was authenticated. Nobody reaches the schema without. */
  readonly actor: Actor;
  /** The loaders of this operation, by the field that they load. */
  readonly loaders: WeakMap<object, unknown>;
}

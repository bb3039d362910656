export * from "../generated/client/client.ts";
export { createPrisma } from "./client.ts";
export { checkDatabase } from "./database-url.ts";
export type { Durability } from "./embedded/postmaster.ts";
export {
  type EmbeddedPostgres,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
} from "./embedded/start-embedded-postgres.ts";
export { migrate } from "./migrate.ts";
export { rollback } from "./rollback.ts";
export { schemaDrift } from "./schema-drift.ts";
export { SetupError } from "./setup-error.ts";

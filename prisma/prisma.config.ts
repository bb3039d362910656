import { defineConfig } from "prisma/config";

// `prisma generate` uses no schema engine and still downloads one unless it is told where one is. Any existing file
// does; with this, generation needs neither the network nor a writable home. Migrations are applied by src/migrate.ts.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.PRISMA_HIDE_UPDATE_MESSAGE ??= "1";
process.env.CHECKPOINT_DISABLE ??= "1";

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
});

export { createPreGatesDatabase, migrateDatabase } from "./pre-gates-database.ts";
export { fillPreGatesDatabase, type PreGatesRuns } from "./pre-gates-runs.ts";
export { AHEAD, asIfRestored } from "./restored-database.ts";
export { createEmptyDatabase, createTestDatabase, type TestDatabase } from "./test-database.ts";

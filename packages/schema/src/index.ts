export type {
  CheckedHealth,
  GeneratorSetup,
  NotificationPort,
  OperatorFileError,
  OperatorFileState,
  SchemaContext,
  SetupPort,
} from "./context.ts";
export { type Delivery, type Sharing, sharingOf } from "./delivery.ts";
export type { Identity } from "./identity.ts";
export { databaseId, encodeNodeId } from "./node-id.ts";
export { schema } from "./schema.ts";
export { PREVIEW_WIDTHS } from "./types/candidate.ts";
export { LINEAGE_LIMIT } from "./types/run-candidates.ts";

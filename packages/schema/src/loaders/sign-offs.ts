import { type CountedSignOff, signOffsOf } from "@sluice/engine";
import type { SchemaContext } from "../context.ts";
import { batched } from "./batched.ts";

const FIELD = {};

/** Sign-offs in force of an approval, the oldest first: the same few statements for all approvals of an operation. */
export async function approvalSignOffs(context: SchemaContext, approvalId: number): Promise<CountedSignOff[]> {
  return (await batched(context, FIELD, approvalId, (ids) => signOffsOf(context.engine, ids))) ?? [];
}

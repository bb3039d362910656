import type { RunTransaction } from "../db/run-transaction.ts";

/**
 * Work of a caller's that belongs to a decision, such as using up the link that it came by: it runs in the decision's
 * transaction, under the run's lock, and what it throws undoes all of it.
 */
export type DecisionHook = (tx: RunTransaction, approvalId: number) => Promise<void>;

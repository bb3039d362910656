/**
 * What went wrong on the way to a working database, as one or two sentences that say what to do. The commands print
 * the message alone: a stack trace would only hide it.
 */
export class SetupError extends Error {
  override name = "SetupError";
}

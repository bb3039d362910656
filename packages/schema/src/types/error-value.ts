import { typeBrandKey } from "@pothos/core";
import type { DomainError } from "@sluice/engine";

/**
 * An error as the value of a field. GraphQL takes an `Error` that a resolver returns for one that it threw, so this is
 * an object with what the error holds, and with the type that has its name.
 */
export function errorValue(error: DomainError): Error {
  return Object.assign({ ...error, message: error.message }, { [typeBrandKey]: error.name });
}

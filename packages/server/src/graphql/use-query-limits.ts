import type { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { exceededLimit, QUERY_LIMITS } from "./query-limits.ts";

/** Holds every operation to QUERY_LIMITS, before it is validated. */
export function useQueryLimits(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: QUERY_LIMITS.tokens }));
    },
    onValidate({ params, setValidationFn, validateFn }) {
      setValidationFn((schema, document, ...rest): readonly GraphQLError[] => {
        const exceeded = exceededLimit(schema, params.documentAST);
        return exceeded ? [exceeded] : validateFn(schema, document, ...rest);
      });
    },
  };
}

import { type GraphQLSchema, isObjectType } from "graphql";

/**
 * Ids of the API: base64 of `Type:number`. Opaque to clients.
 */
export function encodeNodeId(typename: string, id: number | string): string {
  return Buffer.from(`${typename}:${id}`).toString("base64");
}

/** @returns a type and id that no object has, where the text is no id */
export function decodeNodeId(id: string): { typename: string; id: string } {
  const match = /^(\w+):([1-9]\d{0,9})$/.exec(Buffer.from(id, "base64").toString("latin1"));
  const [, typename, number] = match ?? [];
  if (!typename || !number || Number(number) > 2_147_483_647) return { typename: "", id: "0" };
  // Decoding passes over what is no base64: an object has one id, and not every text that begins with it.
  if (encodeNodeId(typename, number) !== id) return { typename: "", id: "0" };
  return { typename, id: number };
}

/** Whether objects of a type have an id of the API. */
export function isNode(schema: GraphQLSchema, typename: string): boolean {
  const type = schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node");
}

/**
 * The database id behind an id of the API. An id of another type, or no id at all, is 0: nothing has that, so whoever
 * looks it up answers "no such …" as for any other that does not exist.
 */
export function databaseId(typename: string, id: string): number {
  const decoded = decodeNodeId(id);
  return decoded.typename === typename ? Number(decoded.id) : 0;
}

import { type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";
import { badCursor } from "./bad-cursor.ts";

/** What the Prisma plugin makes of a row's id; its other kinds of cursor would reach the database as they are. */
const ROW_CURSOR = /^GPC:N:(\d{1,10})$/;
const MAX_ID = 2_147_483_647;

/**
 * Holds the lists that take `after` and `before` to cursors that such lists give. The plugin itself lets a cursor of
 * any type through to the database, whose complaint is no answer for a client.
 */
export function checkRowCursors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !field.args.some(({ name }) => name === "before")) continue;
      field.resolve = (source, args, context, info) => {
        assertRowCursor(args.after);
        assertRowCursor(args.before);
        return resolve(source, args, context, info);
      };
    }
  }
}

/** @throws GraphQLError with the code BAD_CURSOR */
function assertRowCursor(cursor: unknown): void {
  if (cursor === undefined || cursor === null) return;
  const id = ROW_CURSOR.exec(Buffer.from(String(cursor), "base64").toString("latin1"))?.[1];
  if (id !== undefined && Number(id) <= MAX_ID) return;
  throw badCursor();
}

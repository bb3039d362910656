import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type pg from "pg";
import { understandChars } from "./char-columns.ts";

/** The part of WebAssembly that is needed here; its types belong to the browser's library, which servers do not load. */
declare const WebAssembly: {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

type Bindings = {
  __wbg_set_wasm(exports: object): void;
  SchemaEngine: { new: (options: object, log: (line: string) => void, adapter: object) => Promise<SchemaEngine> };
};

let loading: Promise<Bindings> | undefined;

/**
 * Compiled once per process (45 ms). Importing the package's own entry would do the same through Node's WebAssembly
 * modules, which print a warning that they are experimental.
 */
function bindings(): Promise<Bindings> {
  loading ??= (async () => {
    const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
    const glue: Bindings = await import(pathToFileURL(entry).href);
    const code = readFileSync(join(dirname(entry), "schema_engine_bg.wasm"));
    const { instance } = await WebAssembly.instantiate(code, { "./schema_engine_bg.js": glue });
    glue.__wbg_set_wasm(instance.exports);
    // The engine reports a panic to this global. Without it the panic itself fails, and a caller waits for ever.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message(message: string) {
          throw new Error(`Prisma's schema engine failed: ${message}`);
        },
      },
    });
    instance.exports.__wbindgen_start();
    return glue;
  })();
  return loading;
}

/** Prisma's schema engine, and what the database said about the last script that failed (the engine tells only that it did). */
export type OpenEngine = Disposable & { engine: SchemaEngine; scriptError(): Error | undefined };

/**
 * Prisma's own schema engine over a pool, which must have one connection (`max: 1`): the engine takes a lock that
 * belongs to its session. Dispose it before ending the pool.
 */
export async function openSchemaEngine(pool: pg.Pool): Promise<OpenEngine> {
  const { SchemaEngine } = await bindings();
  let scriptError: Error | undefined;
  const adapters = bindMigrationAwareSqlAdapterFactory(wholeScripts(pool, (error) => (scriptError = error)));
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, adapters);
  return { engine, scriptError: () => scriptError, [Symbol.dispose]: () => engine.free() };
}

/**
 * `PrismaPg` splits a script at every semicolon, inside `$$ … $$` and strings too, and so breaks every function and DO
 * block (7.10.0). Here a script is one simple query, which PostgreSQL also runs as one transaction: a migration is
 * applied completely or not at all.
 */
function wholeScripts(pool: pg.Pool, onError: (error: Error) => void): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const connect = async () => {
    const adapter = await factory.connect();
    understandChars(pool, adapter);
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        onError(error as Error);
        throw error;
      }
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

import type pg from "pg";

/** What every command needs. Nothing in the engine reaches for a global. */
export interface EngineDeps {
  readonly pool: pg.Pool;
  /** `off`: new runs have OPEN gates only, the behaviour before gates. */
  readonly gates: "on" | "off";
  /** Called after a commit that wrote events: a hint that makes listeners look sooner, never the only way they hear. */
  readonly wake: () => void;
}

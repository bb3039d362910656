import type { Queryable } from "../../src/db/queryable.ts";

/** A gate whose set is frozen: the step that owns it, and the step whose candidates it let through. */
interface FrozenGate {
  readonly id: number;
  readonly position: number;
  readonly sourceId: number;
  readonly filters: boolean;
  readonly k: number;
}

interface Ranked {
  readonly id: number;
  readonly runStepId: number;
  readonly parentId: number | null;
  readonly elo: number;
  readonly votes: number;
  readonly createdAt: Date;
  readonly active: boolean;
  readonly advancing: boolean;
}

/**
 * Keeps, beside the database, what each gate let through in the moment it froze, by an own reading of the rule: the K
 * best active candidates by Elo, then votes, then age (G3). Later looks compare with that.
 */
export function frozenLog(db: Queryable): { look(): Promise<string[]> } {
  const gates = new Map<number, ReadonlySet<number>>();
  /** The set of the last gate on the candidates of a step. */
  const bySource = new Map<number, ReadonlySet<number>>();
  let lastJob = 0;

  return {
    async look() {
      const problems: string[] = [];
      const frozen = await db.many<FrozenGate>(FROZEN_SQL);
      const candidates = await db.many<Ranked>(
        `SELECT id, pipeline_run_step_id AS "runStepId", parent_id AS "parentId", elo, vote_count AS votes,
                created_at AS "createdAt", status = 'ACTIVE' AS active, advancement = 'ADVANCING' AS advancing
         FROM candidates ORDER BY id`,
      );
      for (const gate of frozen) {
        if (gates.has(gate.id)) continue;
        const before = bySource.get(gate.sourceId);
        const through = candidates
          .filter(({ runStepId, active, id }) => runStepId === gate.sourceId && active && (before?.has(id) ?? true))
          .sort(
            (a, b) =>
              b.elo - a.elo || b.votes - a.votes || a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
          );
        const set = new Set(through.slice(0, gate.filters ? gate.k : undefined).map(({ id }) => id));
        gates.set(gate.id, set);
        bySource.set(gate.sourceId, set);
      }
      for (const [sourceId, set] of bySource) {
        for (const { id, active, advancing } of candidates.filter(({ runStepId }) => runStepId === sourceId)) {
          if (advancing !== (set.has(id) && active)) {
            problems.push(
              `G3: candidate ${id} ${advancing ? "advances" : "does not advance"}, against what was frozen`,
            );
          }
        }
      }
      const jobs = await db.many<{ id: number; parentId: number; sourceId: number }>(
        `SELECT j.id, j.parent_id AS "parentId", p.pipeline_run_step_id AS "sourceId"
         FROM jobs j JOIN candidates p ON p.id = j.parent_id WHERE j.id > $1 ORDER BY j.id`,
        [lastJob],
      );
      for (const { id, parentId, sourceId } of jobs) {
        lastJob = id;
        const set = bySource.get(sourceId);
        if (set && !set.has(parentId))
          problems.push(`G2: job ${id} has a parent, ${parentId}, that no gate let through`);
      }
      return problems;
    },
  };
}

const FROZEN_SQL = `
  SELECT rs.id, rs.position, rs.gate <> 'OPEN' AS filters, rs.top_k_count AS k, (
    SELECT source.id FROM pipeline_run_steps source JOIN pipeline_steps ss ON ss.id = source.pipeline_step_id
    WHERE source.pipeline_run_id = rs.pipeline_run_id AND source.position <= rs.position AND ss.kind <> 'APPROVAL'
    ORDER BY source.position DESC LIMIT 1
  ) AS "sourceId"
  FROM pipeline_run_steps rs WHERE rs.frozen_at IS NOT NULL ORDER BY rs.position`;

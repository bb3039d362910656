import type { Queryable } from "../../src/db/queryable.ts";

/** A gate whose set is frozen: the step that owns it, and the step whose candidates it let through. */
interface FrozenGate {
  readonly id: number;
  readonly round: number;
  readonly position: number;
  /** That step and its round, which may be another than the gate's own. */
  readonly source: string;
  readonly filters: boolean;
  readonly k: number;
}

interface Ranked {
  readonly id: number;
  readonly runStepId: number;
  readonly round: number;
  readonly elo: number;
  readonly votes: number;
  readonly createdAt: Date;
  /** Nobody took it out; it may be of an earlier round. */
  readonly active: boolean;
  readonly advancing: boolean;
}

/**
 * Keeps, beside the database, what each gate let through in the moment it froze, by an own reading of the rule: the K
 * best active candidates by Elo, then votes, then age (G3). Later looks compare with that.
 */
export function frozenLog(db: Queryable): { look(): Promise<string[]> } {
  const gates = new Set<string>();
  /** The set of the last gate on the candidates of a step, for each of its rounds. */
  const bySource = new Map<string, ReadonlySet<number>>();
  let lastJob = 0;

  return {
    async look() {
      const problems: string[] = [];
      const frozen = await db.many<FrozenGate>(FROZEN_SQL);
      const candidates = await db.many<Ranked>(
        `SELECT id, pipeline_run_step_id AS "runStepId", round, elo, vote_count AS votes,
                created_at AS "createdAt", status <> 'REJECTED' AS active, advancement = 'ADVANCING' AS advancing
         FROM candidates ORDER BY id`,
      );
      for (const gate of frozen) {
        if (gates.has(`${gate.id}:${gate.round}`)) continue;
        const { source } = gate;
        const before = bySource.get(source);
        const through = candidates
          .filter(
            (candidate) => sourceOf(candidate) === source && candidate.active && (before?.has(candidate.id) ?? true),
          )
          .sort(
            (a, b) =>
              b.elo - a.elo || b.votes - a.votes || a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
          );
        const set = new Set(through.slice(0, gate.filters ? gate.k : undefined).map(({ id }) => id));
        gates.add(`${gate.id}:${gate.round}`);
        bySource.set(source, set);
      }
      for (const [source, set] of bySource) {
        for (const { id, active, advancing } of candidates.filter((candidate) => sourceOf(candidate) === source)) {
          if (advancing !== (set.has(id) && active)) {
            problems.push(
              `G3: candidate ${id} ${advancing ? "advances" : "does not advance"}, against what was frozen`,
            );
          }
        }
      }
      const jobs = await db.many<{ id: number; parentId: number; source: string }>(
        `SELECT j.id, j.parent_id AS "parentId", p.pipeline_run_step_id || ':' || p.round AS source
         FROM jobs j JOIN candidates p ON p.id = j.parent_id WHERE j.id > $1 ORDER BY j.id`,
        [lastJob],
      );
      for (const { id, parentId, source } of jobs) {
        lastJob = id;
        const set = bySource.get(source);
        if (set && !set.has(parentId))
          problems.push(`G2: job ${id} has a parent, ${parentId}, that no gate let through`);
      }
      return problems;
    },
  };
}

/** A step and a round: what its gate lets through. */
const sourceOf = ({ runStepId, round }: Ranked): string => `${runStepId}:${round}`;

const FROZEN_SQL = `
  SELECT rs.id, rs.round, rs.position, rs.gate <> 'OPEN' AS filters, rs.top_k_count AS k, (
    SELECT source.id || ':' || source.round FROM pipeline_run_steps source JOIN pipeline_steps ss ON ss.id = source.pipeline_step_id
    WHERE source.pipeline_run_id = rs.pipeline_run_id AND source.position <= rs.position AND ss.kind <> 'APPROVAL'
    ORDER BY source.position DESC LIMIT 1
  ) AS source
  FROM pipeline_run_steps rs WHERE rs.frozen_at IS NOT NULL ORDER BY rs.position`;

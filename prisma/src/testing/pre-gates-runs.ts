import pg from "pg";

type JobStatus = "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED";

/** Ids of the runs that `fillPreGatesDatabase` makes, by what they hold. */
export interface PreGatesRuns {
  readonly untouched: number;
  readonly queued: number;
  readonly underWay: number;
  readonly firstStepDone: number;
  readonly branching: number;
  readonly replaced: number;
  readonly givenUp: number;
  readonly orphaned: number;
  readonly allMade: number;
  readonly withApprovalStep: number;
  /** COMPLETED, FAILED and ABORTED. */
  readonly finished: readonly number[];
}

/**
 * Fills the tables of before gates with ten active runs, each at another point of its way, and three finished ones.
 * N is 2; the pipeline "old" has three steps, so that a whole run has 2 + 4 + 8 candidates. "old text" has an
 * APPROVAL step, which did nothing then. All use a generator named "echo".
 */
export async function fillPreGatesDatabase(url: string): Promise<PreGatesRuns> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await fill(async (sql, values) => {
      const { rows } = await client.query<{ id: number }>(`${sql} RETURNING id`, values);
      return (rows[0] as { id: number }).id;
    });
  } finally {
    await client.end();
  }
}

async function fill(insert: (sql: string, values: unknown[]) => Promise<number>): Promise<PreGatesRuns> {
  const ada = await insert(`INSERT INTO actors (name) VALUES ($1)`, ["ada"]);
  // Nobody holds its lock any more: it is dead.
  const worker = await insert(`INSERT INTO workers (name) VALUES ($1)`, ["old machine"]);

  const pipeline = async (name: string, kinds: readonly string[]) => {
    const id = await insert(`INSERT INTO pipelines (name, default_n) VALUES ($1, 2)`, [name]);
    const steps: number[] = [];
    for (const [index, kind] of kinds.entries()) {
      steps.push(
        await insert(
          `INSERT INTO pipeline_steps (pipeline_id, position, name, kind, generator) VALUES ($1, $2, $3, $4, $5)`,
          [id, index + 1, `Step ${index + 1}`, kind, kind === "APPROVAL" ? null : "echo"],
        ),
      );
    }
    return { id, steps };
  };
  const old = await pipeline("old", ["GENERATE", "GENERATE", "GENERATE"]);
  const oldText = await pipeline("old text", ["AGENT", "APPROVAL", "AGENT"]);

  const newRun = (name: string, { status = "RUNNING", of = old } = {}) =>
    insert(
      `INSERT INTO pipeline_runs (pipeline_id, name, prompt, status, max_children_per_node, created_by_id, finished_at)
       VALUES ($1, $2, 'from before gates', $3::run_status, 2, $4, CASE WHEN $3::run_status <> 'RUNNING' THEN now() END)`,
      [of.id, name, status, ada],
    );
  /** One job with the candidate it made; returns the candidate's id, or 0 where there is none. */
  const slot = async (
    run: number,
    position: number,
    parent: number | null,
    ordinal: number,
    status: JobStatus = "COMPLETED",
    { rejected = false, workerId = null as number | null, of = old } = {},
  ) => {
    const step = of.steps[position - 1];
    const candidate =
      status === "COMPLETED"
        ? await insert(
            `INSERT INTO candidates (pipeline_run_id, pipeline_step_id, parent_id, ordinal, status, rejected_at, text)
             VALUES ($1, $2, $3, $4, $5::candidate_status, CASE WHEN $5::candidate_status = 'REJECTED' THEN now() END, 'from before gates')`,
            [run, step, parent, ordinal, rejected ? "REJECTED" : "ACTIVE"],
          )
        : 0;
    await insert(
      `INSERT INTO jobs (pipeline_run_id, pipeline_step_id, parent_id, ordinal, seed, status, worker_id, candidate_id, error)
       VALUES ($1, $2, $3, $4, $5, $6::job_status, $7, $8, CASE WHEN $6::job_status = 'FAILED' THEN 'It broke.' END)`,
      [run, step, parent, ordinal, run * 1_000 + position * 100 + ordinal, status, workerId, candidate || null],
    );
    return candidate;
  };
  const children = async (run: number, position: number, parent: number | null) => [
    await slot(run, position, parent, 1),
    await slot(run, position, parent, 2),
  ];
  const wholeRun = async (run: number, steps = 3, position = 1, parent: number | null = null): Promise<void> => {
    for (const child of await children(run, position, parent)) {
      if (position < steps) await wholeRun(run, steps, position + 1, child);
    }
  };

  const untouched = await newRun("untouched");

  const queued = await newRun("queued");
  await slot(queued, 1, null, 1, "QUEUED");
  await slot(queued, 1, null, 2, "QUEUED");

  const underWay = await newRun("under way");
  await slot(underWay, 1, null, 1);
  await slot(underWay, 1, null, 2, "RUNNING", { workerId: worker });

  const firstStepDone = await newRun("first step done");
  const [left, right] = await children(firstStepDone, 1, null);
  await insert(`INSERT INTO votes (left_id, right_id, outcome, voter_id) VALUES ($1, $2, 'LEFT', $3)`, [
    left,
    right,
    ada,
  ]);

  const branching = await newRun("branching");
  const [first = 0, second = 0] = await children(branching, 1, null);
  const grandchild = await slot(branching, 2, first, 1);
  await slot(branching, 2, first, 2);
  await slot(branching, 2, second, 1, "QUEUED");
  await slot(branching, 3, grandchild, 1);

  const replaced = await newRun("replaced");
  await slot(replaced, 1, null, 1, "COMPLETED", { rejected: true });
  await slot(replaced, 1, null, 2);
  await slot(replaced, 1, null, 3);

  const givenUp = await newRun("given up");
  await slot(givenUp, 1, null, 1);
  await slot(givenUp, 1, null, 2, "FAILED");

  const orphaned = await newRun("orphaned");
  const [mother = 0] = await children(orphaned, 1, null);
  await slot(orphaned, 2, mother, 1, "RUNNING");

  const allMade = await newRun("all made");
  await wholeRun(allMade);

  const withApprovalStep = await newRun("with an approval step", { of: oldText });
  const draft = await slot(withApprovalStep, 1, null, 1, "COMPLETED", { of: oldText });
  await slot(withApprovalStep, 1, null, 2, "QUEUED", { of: oldText });
  await slot(withApprovalStep, 3, draft, 1, "COMPLETED", { of: oldText });

  const finished: number[] = [];
  for (const status of ["COMPLETED", "FAILED", "ABORTED"])
    finished.push(await newRun(status.toLowerCase(), { status }));
  await wholeRun(finished[0] as number);
  await slot(finished[1] as number, 1, null, 1, "FAILED");
  await slot(finished[2] as number, 1, null, 1);

  return {
    untouched,
    queued,
    underWay,
    firstStepDone,
    branching,
    replaced,
    givenUp,
    orphaned,
    allMade,
    withApprovalStep,
    finished,
  };
}

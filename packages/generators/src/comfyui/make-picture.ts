import { createHash, randomUUID } from "node:crypto";
import { type GenerateContext, type Generated, type GenerateRequest, GeneratorError, isUnwanted } from "@sluice/engine";
import { type Alarm, alarm } from "./alarm.ts";
import type { HistoryEntry } from "./answers.ts";
import { keptMeta, modelOf, overlooked } from "./aside.ts";
import type { ComfyClient } from "./client.ts";
import { fillWorkflow } from "./fill-workflow.ts";
import { ComfyUnreachable } from "./http.ts";
import { hasSlot } from "./load-workflow.ts";
import { outcomeOf } from "./outcome.ts";
import { choosePicture, fetchPicture } from "./outputs.ts";
import { progressShare } from "./progress-share.ts";
import { openProgressSocket, type ProgressSocketOptions } from "./progress-socket.ts";
import { slotValues } from "./slot-values.ts";
import type { StepSettings } from "./step-settings.ts";
import { submitJob } from "./submit-job.ts";
import { type ToldProgress, toldProgress } from "./told-progress.ts";
import { type Timing, waitForEnd } from "./wait-for-end.ts";
import type { Workflow } from "./workflow.ts";

export interface MakeDeps {
  readonly client: ComfyClient;
  /** Of the server, for its socket. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timing: Timing;
}

const CANCEL_WITHIN_MS = 15_000;

/**
 * Makes one candidate. `externalId` is the job's id at ComfyUI: an attempt that finds its job in the queue or the history
 * goes on with it, and one whose job is in neither begins anew.
 */
export async function makePicture(
  deps: MakeDeps,
  settings: StepSettings,
  request: GenerateRequest,
  context: GenerateContext,
): Promise<Generated> {
  const { client } = deps;
  const { signal, log, externalId } = context;
  const loaded = settings.workflow;
  // Whoever takes the job up again by its id hears of its progress too.
  const clientId = externalId ?? randomUUID();
  const bell = alarm();
  const expected = workflowFor(request, settings);
  const progress = toldProgress(context);
  using socket = openProgressSocket({
    ...deps,
    clientId,
    ...listeners(expected, context, progress, () => bell.ring()),
  });
  await socket.ready;
  const waitDeps = {
    ...deps,
    alarm: bell,
    onPlace: (place: NonNullable<Awaited<ReturnType<ComfyClient["place"]>>>) => {
      if (place.state === "waiting") progress.tell(0, `Waits in ComfyUI's queue behind ${place.before}`);
    },
    onUnreachable({ message }: Error) {
      log(`${message} It is asked again.`);
      progress.lost();
    },
    onReachable: () => progress.found(),
  };

  const warnings: string[] = [];
  let going = externalId;
  let id = externalId;
  try {
    let end: HistoryEntry | "lost" = "lost";
    if (externalId !== null) {
      log(`Looks for the job ${externalId}, which an earlier worker gave to ComfyUI.`);
      end = await waitForEnd(waitDeps, externalId, signal);
    }
    if (end === "lost") {
      going = null;
      const { takesIds } = await client.version(signal);
      const parentImage = await uploadParent(client, settings, request, signal);
      const workflow = workflowFor(request, settings, parentImage);
      const job = await submitJob(
        { client, context },
        { loaded, workflow, clientId, ownId: takesIds ? clientId : undefined },
      );
      id = going = job.id;
      warnings.push(...job.warnings);
      log(`ComfyUI has the job as ${id}.`);
      end = await waitForEnd(waitDeps, id, signal);
    }
    going = null;
    const outputs = await outputsOf(client, expected, end, signal);
    const chosen = choosePicture(loaded, outputs);
    return {
      assets: [await patiently(deps.timing, bell, signal, () => fetchPicture(client, chosen.file, signal))],
      text: null,
      meta: keptMeta(request, loaded, id!),
      usage: { model: modelOf(expected) },
      warnings: [...warnings, ...chosen.warnings, ...overlooked(request, settings)],
    };
  } catch (error) {
    // What a worker's end leaves behind, another worker takes up; what was given up, or nobody wants, is nobody's.
    if (going !== null && (!signal.aborted || isUnwanted(signal))) await cancel(client, going, log);
    throw signal.aborted ? signal.reason : error;
  }
}

function listeners(
  workflow: Workflow,
  context: GenerateContext,
  progress: ToldProgress,
  ring: () => void,
): Pick<ProgressSocketOptions, "onEvent" | "onPreview" | "onTrouble"> {
  const read = progressShare(workflow);
  return {
    onEvent(event, data) {
      const progressed = read(event, data);
      if (progressed) progress.tell(progressed.share, progressed.message);
      if (/^execution_(success|error|interrupted)$/.test(event)) ring();
    },
    onPreview: (preview) => progress.show(preview),
    onTrouble: (why) => context.log(`ComfyUI's socket does not work (${why}): no progress is seen meanwhile.`),
  };
}

/** Asks on while the server is away: what it has made is not to be made again. */
async function patiently<Result>(
  { poll, unreachableFor }: Timing,
  bell: Alarm,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const begun = Date.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ComfyUnreachable) || Date.now() - begun >= unreachableFor) throw error;
      await bell.sleep(poll, signal);
    }
  }
}

/**
 * Brings the parent's picture to where ComfyUI finds it: the files of this machine are not its own.
 *
 * @returns the name it has there; nothing where the workflow does not ask for it
 */
async function uploadParent(
  client: ComfyClient,
  { workflow }: StepSettings,
  { parent }: GenerateRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!hasSlot(workflow, "parent_image")) return undefined;
  if (!parent?.asset) {
    throw new GeneratorError(
      `The workflow "${workflow.name}" begins with a parent's picture ("parent_image"), and this candidate has no such parent. Use it in a step after one that makes pictures.`,
      { retryable: false },
    );
  }
  const { mediaType } = parent.asset;
  const bytes = await parent.asset.bytes();
  // The same picture has the same name, so that the siblings' uploads leave one file.
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  return await client.upload({ bytes, mediaType, name: `sluice-${hash}.${mediaType.split("/")[1]}` }, signal);
}

function workflowFor(request: GenerateRequest, settings: StepSettings, parentImage?: string): Workflow {
  return fillWorkflow(settings.workflow, slotValues(request, settings, parentImage), `sluice-${request.jobId}`);
}

async function outputsOf(
  client: ComfyClient,
  workflow: Workflow,
  end: HistoryEntry | "lost",
  signal: AbortSignal,
): Promise<HistoryEntry["outputs"]> {
  if (end === "lost") {
    throw new GeneratorError(
      "ComfyUI does not know the job any more: it was started again, or its queue was cleared.",
      {
        retryable: true,
      },
    );
  }
  const outcome = outcomeOf(workflow, end);
  switch (outcome.kind) {
    case "made":
      return outcome.outputs;
    case "interrupted":
      throw new GeneratorError("Somebody interrupted the job in ComfyUI. Retry it here, if that was not meant.", {
        retryable: false,
      });
    case "failed":
      // The same again would end the same way, but for memory, which can be given back.
      if (outcome.outOfMemory) await client.free(signal).catch(() => {});
      throw new GeneratorError(outcome.message, { retryable: outcome.outOfMemory });
    default:
      return outcome satisfies never;
  }
}

async function cancel(client: ComfyClient, id: string, log: GenerateContext["log"]): Promise<void> {
  await client.cancel(id, AbortSignal.timeout(CANCEL_WITHIN_MS)).catch((error: unknown) => {
    log(`The job ${id} could not be cancelled in ComfyUI: ${error instanceof Error ? error.message : String(error)}`);
  });
}

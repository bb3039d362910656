import { GeneratorError } from "@sluice/engine";
import type { z } from "zod";
import * as answers from "./answers.ts";
import type { Ask, Http } from "./http.ts";
import { promptErrorWords } from "./prompt-errors.ts";
import { type ComfyVersion, readVersion } from "./version.ts";
import type { Workflow } from "./workflow.ts";

/** Where a job is that has not ended. */
export type Place = { readonly state: "running" } | { readonly state: "waiting"; readonly before: number };

/** A file that a job has left. */
export interface OutputFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** The API of one ComfyUI. Errors as `Http` throws them. */
export interface ComfyClient {
  version(signal: AbortSignal): Promise<ComfyVersion & { readonly device: string | undefined }>;
  /**
   * @param id the job's, where the server takes one
   * @returns the id that the server knows the job by, and what it leaves out
   * @throws GeneratorError, not retryable, when it refuses the workflow
   */
  submit(
    job: { readonly workflow: Workflow; readonly clientId: string; readonly id: string | undefined },
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly nodeErrors: answers.NodeErrors }>;
  /** How a job ended; nothing while it has not, or is not known. */
  history(id: string, signal: AbortSignal): Promise<answers.HistoryEntry | undefined>;
  /** Where a job is; nothing when it is in no queue. */
  place(id: string, signal: AbortSignal): Promise<Place | undefined>;
  /** Stops a job that waits or runs; no harm where it is over. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** Gives memory back: models are loaded again with the next job. */
  free(signal: AbortSignal): Promise<void>;
  /** @returns the name by which LoadImage finds the picture */
  upload(picture: { bytes: Uint8Array; mediaType: string; name: string }, signal: AbortSignal): Promise<string>;
  view(file: OutputFile, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** What a class of nodes takes; nothing where it is not installed. */
  nodeInfo(className: string, signal: AbortSignal): Promise<answers.NodeInfo | undefined>;
}

const TRANSFER_MS = 5 * 60_000;
/** As much as an asset may have. */
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

export function comfyClient(name: string, http: Http): ComfyClient {
  const read = async <Schema extends z.ZodType>(path: string, schema: Schema, ask: Ask): Promise<z.infer<Schema>> => {
    const { status, bytes, mediaType } = await http(path, ask);
    if (status !== 200) throw unexpected(name, path, status);
    return understand(name, path, schema, bytes, mediaType);
  };
  const send = async (path: string, body: unknown, signal: AbortSignal): Promise<void> => {
    const { status } = await http(path, { method: "POST", body, signal });
    if (status !== 200) throw unexpected(name, path, status);
  };
  const queues = async (signal: AbortSignal) => {
    const { queue_running, queue_pending } = await read("/queue", answers.queue, { signal });
    return { running: queue_running.map(([, id]) => id), pending: queue_pending };
  };
  const version: ComfyClient["version"] = async (signal) => {
    const { system, devices } = await read("/system_stats", answers.systemStats, { signal });
    return { ...readVersion(system?.comfyui_version), device: devices?.[0]?.name };
  };

  return {
    version,

    async submit({ workflow, clientId, id }, signal) {
      const body = {
        prompt: workflow,
        client_id: clientId,
        ...(id !== undefined && { prompt_id: id }),
        // Without it there are no previews, unless the server was started with --preview-method.
        extra_data: { preview_method: "auto" },
      };
      const { status, bytes, mediaType } = await http("/prompt", { method: "POST", body, signal });
      if (status === 200) {
        const { prompt_id, node_errors } = understand(name, "/prompt", answers.accepted, bytes, mediaType);
        return { id: prompt_id, nodeErrors: node_errors };
      }
      if (status !== 400) throw unexpected(name, "/prompt", status);
      const refusal = understand(name, "/prompt", answers.refused, bytes, mediaType);
      throw new GeneratorError(promptErrorWords(workflow, refusal), { retryable: false });
    },

    async history(id, signal) {
      return (await read(`/history/${encodeURIComponent(id)}`, answers.history, { signal }))[id];
    },

    async place(id, signal) {
      const { running, pending } = await queues(signal);
      if (running.includes(id)) return { state: "running" };
      const own = pending.find(([, one]) => one === id);
      if (!own) return undefined;
      // The server lists a heap: what comes first has the smallest number.
      const before = pending.filter(([number]) => Number(number) < Number(own[0])).length + running.length;
      return { state: "waiting", before };
    },

    async cancel(id, signal) {
      if ((await version(signal)).cancelsById) {
        await send(`/api/jobs/${encodeURIComponent(id)}/cancel`, {}, signal);
        return;
      }
      await send("/queue", { delete: [id] }, signal);
      // An old server interrupts whatever runs, whosever it is: only ask while it is ours.
      if ((await queues(signal)).running.includes(id)) await send("/interrupt", { prompt_id: id }, signal);
    },

    free: (signal) => send("/free", { unload_models: true, free_memory: true }, signal),

    async upload({ bytes, mediaType, name: fileName }, signal) {
      const form = new FormData();
      form.set("image", new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mediaType }), fileName);
      form.set("type", "input");
      const path = "/upload/image";
      const { status, ...answer } = await http(path, { method: "POST", body: form, signal, timeoutMs: TRANSFER_MS });
      if (status === 413) {
        throw new GeneratorError(
          `ComfyUI ("${name}") does not take a picture of ${bytes.byteLength} bytes. Start it with a larger --max-upload-size.`,
          { retryable: false },
        );
      }
      if (status !== 200) throw unexpected(name, path, status);
      // The name may be another: a picture of that name, and other content, was there.
      const found = understand(name, path, answers.uploaded, answer.bytes, answer.mediaType);
      return found.subfolder === "" ? found.name : `${found.subfolder}/${found.name}`;
    },

    async view(file, signal) {
      const query = new URLSearchParams({ ...file });
      const ask = { signal, timeoutMs: TRANSFER_MS, maxBytes: MAX_PICTURE_BYTES };
      const { status, bytes, mediaType } = await http(`/view?${query}`, ask);
      if (status === 200) return { bytes, mediaType };
      throw new GeneratorError(
        `ComfyUI ("${name}") has finished, but does not give the picture ${file.filename}: HTTP ${status}.`,
        { retryable: true },
      );
    },

    async nodeInfo(className, signal) {
      return (await read(`/object_info/${encodeURIComponent(className)}`, answers.nodeInfo, { signal }))[className];
    },
  };
}

function understand<Schema extends z.ZodType>(
  name: string,
  path: string,
  schema: Schema,
  bytes: Buffer,
  mediaType: string,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GeneratorError(
    `What answers for ComfyUI ("${name}") is none: ${path.split("?")[0]} gives ${mediaType || "something"} that cannot be understood. Check its "url".`,
    { retryable: false },
  );
}

function unexpected(name: string, path: string, status: number): GeneratorError {
  const hint = status === 404 ? ' Check its "url".' : "";
  // A 500 is an error in a node's or the server's own code, and may pass.
  return new GeneratorError(`ComfyUI ("${name}") answers ${path.split("?")[0]} with HTTP ${status}.${hint}`, {
    retryable: status >= 500,
  });
}

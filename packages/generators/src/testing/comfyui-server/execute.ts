import { setTimeout as sleep } from "node:timers/promises";
import { ancestors, type Graph, signature } from "./graph.ts";
import type { HistoryEntry, QueuedPrompt } from "./prompt-queue.ts";
import { queueItem } from "./prompt-queue.ts";

/** What a node throws at the end of its work. */
export interface NodeFailure {
  readonly exception_type: string;
  readonly exception_message: string;
}

export interface Execution {
  readonly prompt: QueuedPrompt;
  /** Aborted to interrupt, and when the server ends. */
  readonly signal: AbortSignal;
  /** Of the results of nodes, by what they depend on. */
  readonly cache: Set<string>;
  readonly stepMs: number;
  /** Resolves when sampling may go on. */
  readonly gate: (signal: AbortSignal) => Promise<void>;
  /** To the client that submitted, where it is there. */
  readonly send: (event: string, data: object) => void;
  readonly sendPreview: (graph: Graph, output: string) => void;
  readonly broadcast: (event: string, data: object) => void;
  /** Writes the files of an output node, and gives what it shows. */
  readonly save: (graph: Graph, output: string) => object;
  readonly failure: () => NodeFailure | undefined;
}

/** As `PromptExecutor.execute`: the messages go to the history too, and only the last tells a failure from an interrupt. */
export async function execute(run: Execution): Promise<HistoryEntry> {
  const { prompt, signal, cache } = run;
  const { id: prompt_id, graph } = prompt;
  const messages: [string, object][] = [];
  const tell = (event: string, data: object, everybody = false): void => {
    const message = { prompt_id, ...data, timestamp: Date.now() };
    messages.push([event, message]);
    (everybody ? run.broadcast : run.send)(event, message);
  };
  const outputs: Record<string, object> = {};
  const entry = (status_str: "success" | "error"): HistoryEntry => ({
    prompt: queueItem(prompt),
    outputs,
    status: { status_str, completed: status_str === "success", messages },
    meta: {},
  });

  tell("execution_start", {});
  const order = [...new Set(prompt.outputs.flatMap((output) => ancestors(graph, output)))];
  tell("execution_cached", { nodes: order.filter((node) => cache.has(signature(graph, node))) });
  for (const node of order) {
    const { class_type } = graph[node]!;
    const key = signature(graph, node);
    if (cache.has(key) && !prompt.outputs.includes(node)) continue;
    run.send("executing", { node, display_node: node, prompt_id });
    try {
      if (class_type === "KSampler") await sample(run, node);
      signal.throwIfAborted();
      const failure = class_type === "KSampler" ? run.failure() : undefined;
      if (failure) {
        const data = {
          node_id: node,
          node_type: class_type,
          executed: [],
          ...failure,
          traceback: [],
          current_inputs: {},
        };
        tell("execution_error", data);
        return entry("error");
      }
    } catch {
      tell("execution_interrupted", { node_id: node, node_type: class_type, executed: [] }, true);
      return entry("error");
    }
    if (prompt.outputs.includes(node)) {
      outputs[node] = run.save(graph, node);
      run.send("executed", { node, display_node: node, output: outputs[node], prompt_id });
    }
    cache.add(key);
  }
  tell("execution_success", {});
  run.send("executing", { node: null, prompt_id });
  return entry("success");
}

async function sample({ prompt, signal, stepMs, gate, send, sendPreview }: Execution, node: string): Promise<void> {
  const max = Number(prompt.graph[node]!.inputs.steps);
  const previews = prompt.extraData.preview_method === "auto";
  const output = prompt.outputs[0]!;
  for (let value = 1; value <= max; value++) {
    await sleep(stepMs, undefined, { signal });
    send("progress", { value, max, prompt_id: prompt.id, node });
    send("progress_state", {
      prompt_id: prompt.id,
      nodes: { [node]: { value, max, state: "running", node_id: node, prompt_id: prompt.id } },
    });
    if (previews && value % 4 === 1) sendPreview(prompt.graph, output);
    // Half-way: whoever holds the server sees a job that has begun.
    if (value === Math.ceil(max / 2)) await gate(signal);
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GenerateRequest, Generator, Json } from "@sluice/engine";
import { generateRequest } from "@sluice/engine/testing";
import { comfyFromSettings } from "../comfyui/kind.ts";
import { comfyuiSettings } from "../comfyui/settings.ts";
import type { Timing } from "../comfyui/wait-for-end.ts";
import type { WorkflowNode } from "../comfyui/workflow.ts";

/** The workflows that the guide shows. */
const EXAMPLES = new URL("../../../../docs/examples/", import.meta.url);

export type Nodes = Record<string, WorkflowNode & { inputs: Record<string, Json> }>;

/** `portrait` makes a picture from nothing, `variation` one from its parent's. */
export function exampleNodes(file: "portrait" | "portrait-variation"): Nodes {
  return JSON.parse(readFileSync(new URL(`${file}.json`, EXAMPLES), "utf8")) as Nodes;
}

export const portraitBindings = {
  prompt: { node: "title:Prompt", input: "text" },
  seed: { node: "3", input: "seed" },
};

/** A folder with workflow files, for as long as it is used. */
export function inWorkflowFolder<Result>(
  files: Readonly<Record<string, unknown>>,
  use: (folder: string) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "sluice-comfyui-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface ComfyOptions {
  readonly url: string;
  readonly nodes?: unknown;
  readonly bindings?: unknown;
  readonly output?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timing?: Partial<Timing>;
}

/** A generator "comfy" with one workflow, "portrait", and more haste than an operator has. */
export function comfy({ url, nodes, bindings = portraitBindings, output, headers, timing }: ComfyOptions): Generator {
  const settings = comfyuiSettings.parse({
    url,
    ...(headers && { headers }),
    workflows: { portrait: { file: "portrait.json", bindings, ...(output !== undefined && { output }) } },
  });
  const haste = { poll: 20, lostAfter: 300, unreachableFor: 2_000, ...timing };
  return inWorkflowFolder({ "portrait.json": nodes ?? exampleNodes("portrait") }, (folder) =>
    comfyFromSettings("comfy", settings, folder, haste),
  );
}

export function portraitRequest(change: Partial<GenerateRequest> = {}, config: Json = {}): GenerateRequest {
  return generateRequest({ step: { position: 1, name: "Portrait", description: null, config }, ...change });
}

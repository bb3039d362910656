import type { GeneratorKind } from "@sluice/engine";
import { aiKind } from "./ai/kind.ts";
import { comfyuiKind } from "./comfyui/kind.ts";
import { commandKind } from "./command/kind.ts";
import { httpKind } from "./http/kind.ts";
import { opencodeKind } from "./opencode/kind.ts";
import { pullKind } from "./pull/kind.ts";

/** What the operator's file may declare in its section `generators`. */
export const operatorKinds: readonly GeneratorKind[] = [
  comfyuiKind,
  aiKind,
  opencodeKind,
  commandKind,
  httpKind,
  pullKind,
];

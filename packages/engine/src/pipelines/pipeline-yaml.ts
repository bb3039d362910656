import { stringify } from "yaml";
import { listNames } from "./catalogs.ts";
import type { PipelineDefinition } from "./definition.ts";
import { agentOf, pipelineEntry } from "./pipeline-entry.ts";
import { API_BYTES } from "./yaml-source.ts";

/**
 * The document of one pipeline: applied where its generators and agents are what they were, it changes nothing. Agents
 * belong to the operator's file, so the document names those it uses and does not declare them.
 */
export function pipelineYaml(definition: PipelineDefinition): string {
  const agents = new Set(definition.steps.flatMap((step) => agentOf(step) ?? []));
  const document = { pipelines: [pipelineEntry(definition)] };
  const comment = agents.size > 0 ? `# It uses ${listNames(agents)} of the operator's agents.\n` : "";
  // Texts are not folded: where a line ends, it ends in the text too.
  const text = `${comment}${stringify(document, { schema: "core", lineWidth: 0 })}`;
  // Indentation may make a large config larger than what may be applied. JSON is YAML too.
  return Buffer.byteLength(text) <= API_BYTES ? text : `${JSON.stringify(document)}\n`;
}

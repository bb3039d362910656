import { GeneratorError, pictureType } from "@sluice/engine";
import type { HistoryEntry } from "./answers.ts";
import type { ComfyClient, OutputFile } from "./client.ts";
import type { LoadedWorkflow } from "./load-workflow.ts";
import { nodeIds, nodeInWords } from "./workflow.ts";

interface NodeFile extends OutputFile {
  readonly node: string;
}

const PICTURE = /\.(png|jpe?g|webp|gif|avif)$/i;

/**
 * The picture that is kept of what a job left: the first of the workflow's `output`, or else of the first node that saves
 * one; a preview's only where none is saved.
 *
 * @returns with it a warning, where there were more
 * @throws GeneratorError when there is none
 */
export function choosePicture(
  workflow: LoadedWorkflow,
  outputs: HistoryEntry["outputs"],
): { readonly file: OutputFile; readonly warnings: string[] } {
  const files = filesOf(workflow, outputs);
  const pictures = files.filter(({ filename }) => PICTURE.test(filename));
  const saved = pictures.filter(({ type }) => type === "output");
  const among = saved.length > 0 ? saved : pictures;
  const first = among[0];
  if (!first) throw new GeneratorError(whyNone(workflow, files), { retryable: false });
  const { node, ...file } = first;
  const others = among.length - 1;
  const warnings =
    others === 0
      ? []
      : [
          `The workflow "${workflow.name}" made ${among.length} pictures; the first of ${nodeInWords(workflow.nodes, node)} is kept. Set its batch size to 1, or say which node's is meant with "output".`,
        ];
  return { file, warnings };
}

/** Of any kind of output: pictures are under `images`, `gifs` and what custom nodes think of. */
function filesOf({ nodes, output }: LoadedWorkflow, outputs: HistoryEntry["outputs"]): NodeFile[] {
  // Nodes that a subgraph was unfolded to have ids that the workflow does not know.
  const order = [...nodeIds(nodes), ...Object.keys(outputs).filter((id) => !(id in nodes))];
  return (output === null ? order : [output]).flatMap((node) =>
    Object.values(outputs[node] ?? {}).flatMap((items) =>
      Array.isArray(items) ? items.flatMap((item) => fileOf(node, item)) : [],
    ),
  );
}

function fileOf(node: string, item: unknown): NodeFile[] {
  if (typeof item !== "object" || item === null) return [];
  const { filename, subfolder, type } = item as Record<string, unknown>;
  if (typeof filename !== "string" || filename === "") return [];
  return [
    {
      node,
      filename,
      subfolder: typeof subfolder === "string" ? subfolder : "",
      type: typeof type === "string" ? type : "output",
    },
  ];
}

function whyNone({ name, nodes, output }: LoadedWorkflow, files: readonly NodeFile[]): string {
  const from = output === null ? `The workflow "${name}"` : `Of the workflow "${name}", ${nodeInWords(nodes, output)}`;
  if (files[0]) {
    return `${from} made ${files[0].filename}, which is no PNG, JPEG, WebP, GIF or AVIF picture: only these are kept.`;
  }
  return `${from} finished without a picture. It needs a node that saves one, such as SaveImage.`;
}

/** @throws GeneratorError where what comes is no picture, whatever it is called */
export async function fetchPicture(
  client: ComfyClient,
  file: OutputFile,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }> {
  const { bytes, mediaType } = await client.view(file, signal);
  const found = pictureType(bytes);
  if (found) return { bytes, mediaType: found };
  throw new GeneratorError(
    `What ComfyUI gives for ${file.filename} is no picture but ${mediaType || "something else"} of ${bytes.byteLength} bytes. Is there a proxy before it that answers in its place?`,
    { retryable: false },
  );
}

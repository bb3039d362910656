import { drawPicture } from "./draw.ts";
import type { Files } from "./files.ts";
import { ancestors, type Graph } from "./graph.ts";

/** What an output node makes of its nth picture. */
export function picture(disk: Files, graph: Graph, output: string, index: number): Buffer {
  return drawPicture(graph, output, index, (name) => disk.read("input", name) ?? new Uint8Array());
}

/** Writes the files of an output node, and gives what it shows. */
export function save(disk: Files, graph: Graph, output: string): object {
  const { class_type, inputs } = graph[output]!;
  const latent = ancestors(graph, output).find((id) => graph[id]!.class_type === "EmptyLatentImage");
  const count = latent === undefined ? 1 : Number(graph[latent]!.inputs.batch_size);
  const prefix = String(inputs.filename_prefix ?? "ComfyUI_temp");
  if (class_type === "SaveVideo") {
    return { images: [disk.save("output", prefix, "mp4", Buffer.from("no video"))], animated: [true] };
  }
  const type = class_type === "PreviewImage" ? "temp" : "output";
  const images = Array.from({ length: count }, (_, index) =>
    disk.save(type, prefix, "png", picture(disk, graph, output, index)),
  );
  return { images };
}

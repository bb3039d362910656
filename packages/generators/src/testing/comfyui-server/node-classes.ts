/** What an input takes: the name of a type that comes by a link, a plain type, or a list of choices. */
type InputType = "MODEL" | "CLIP" | "VAE" | "CONDITIONING" | "LATENT" | "IMAGE" | "INT" | "FLOAT" | "STRING";

export interface InputSpec {
  readonly type: InputType | readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export interface NodeClass {
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly output: readonly string[];
  readonly isOutput?: boolean;
}

/** Files that are installed. */
const CHECKPOINTS = ["sd_xl_base_1.0.safetensors", "v1-5-pruned-emaonly.safetensors"];

const side: InputSpec = { type: "INT", min: 16, max: 16_384 };

/** The nodes of the ordinary text-to-image and image-to-image workflows, with the inputs that ComfyUI's own have. */
export const NODE_CLASSES: Readonly<Record<string, NodeClass>> = {
  CheckpointLoaderSimple: { required: { ckpt_name: { type: CHECKPOINTS } }, output: ["MODEL", "CLIP", "VAE"] },
  CLIPTextEncode: { required: { text: { type: "STRING" }, clip: { type: "CLIP" } }, output: ["CONDITIONING"] },
  EmptyLatentImage: {
    required: { width: side, height: side, batch_size: { type: "INT", min: 1, max: 4_096 } },
    output: ["LATENT"],
  },
  LoadImage: { required: { image: { type: "STRING" } }, output: ["IMAGE", "MASK"] },
  VAEEncode: { required: { pixels: { type: "IMAGE" }, vae: { type: "VAE" } }, output: ["LATENT"] },
  KSampler: {
    required: {
      model: { type: "MODEL" },
      seed: { type: "INT", min: 0, max: Number.MAX_SAFE_INTEGER },
      steps: { type: "INT", min: 1, max: 10_000 },
      cfg: { type: "FLOAT", min: 0, max: 100 },
      sampler_name: { type: ["euler", "dpmpp_2m"] },
      scheduler: { type: ["normal", "karras"] },
      positive: { type: "CONDITIONING" },
      negative: { type: "CONDITIONING" },
      latent_image: { type: "LATENT" },
      denoise: { type: "FLOAT", min: 0, max: 1 },
    },
    output: ["LATENT"],
  },
  VAEDecode: { required: { samples: { type: "LATENT" }, vae: { type: "VAE" } }, output: ["IMAGE"] },
  SaveImage: {
    required: { images: { type: "IMAGE" }, filename_prefix: { type: "STRING" } },
    output: [],
    isOutput: true,
  },
  PreviewImage: { required: { images: { type: "IMAGE" } }, output: [], isOutput: true },
  SaveVideo: {
    required: { images: { type: "IMAGE" }, filename_prefix: { type: "STRING" } },
    output: [],
    isOutput: true,
  },
};

/** As `/object_info/{class}` gives it. */
export function objectInfo(name: string): object {
  const found = Object.hasOwn(NODE_CLASSES, name) ? NODE_CLASSES[name] : undefined;
  if (!found) return {};
  const required = Object.fromEntries(
    Object.entries(found.required).map(([input, { type, ...limits }]) => [
      input,
      Object.keys(limits).length > 0 ? [type, limits] : [type],
    ]),
  );
  return { [name]: { input: { required }, output: found.output, name, output_node: found.isOutput ?? false } };
}

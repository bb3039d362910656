// Stands in for a ComfyUI, for trying workflows' settings out without a graphics card:
//   node packages/generators/scripts/comfyui-server.ts [port]
import { startComfyServer } from "../src/testing/comfyui-server/server.ts";

const server = await startComfyServer({ port: Number(process.argv[2] ?? 8188), stepMs: 150 });
process.stdout.write(`A stand-in for ComfyUI answers at ${server.url}.\n`);

import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  type GenerateContext,
  type GenerateRequest,
  type Generator,
  GeneratorError,
  type ParentCandidate,
} from "@sluice/engine";
import { pictureAnswer, readAnswer, textAnswer } from "../outside/program-answer.ts";
import { type ParentAsset, programRequest, promptInWords } from "../outside/program-request.ts";
import { checkProgramConfig, seconds } from "../outside/settings.ts";
import { environment } from "./environment.ts";
import { findProgram, isFolder } from "./find-program.ts";
import { createJobFolder, defaultRoot, type JobFolder, sweep } from "./job-folder.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";
import type { CommandSettings } from "./settings.ts";
import { type ToldLines, toldLines } from "./told-lines.ts";

export interface CommandGeneratorDeps {
  readonly name: string;
  readonly settings: CommandSettings;
  /** Folder of the operator's file. */
  readonly folder: string;
  /** The worker's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the jobs' folders are. */
  readonly jobsFolder?: string;
}

/**
 * A program of the operator's that runs once for each candidate. It reads the job from its standard input and answers
 * on its standard output, in a folder and a process group of its own, neither of which outlives the job.
 */
export function commandGenerator(deps: CommandGeneratorDeps): Generator {
  const { name, settings, environment: own, jobsFolder = defaultRoot() } = deps;
  const folder = resolve(deps.folder, settings.folder ?? ".");
  const who = `The program of "${name}"`;
  const media = settings.output === "json" ? (settings.media ?? "text") : settings.output;
  return {
    name,
    media,
    concurrency: settings.concurrency,
    checkConfig: (config) => checkProgramConfig(name, settings.step_settings, config),
    async check() {
      await sweep(jobsFolder);
      if (!(await isFolder(folder)))
        return { ok: false, detail: `There is no folder ${folder}. Make it, or correct "folder".` };
      const program = settings.command[0] ?? "";
      const found = await findProgram(program, folder, environment(own, settings).PATH ?? "");
      if (found) return { ok: true, detail: `Runs ${found}.` };
      return {
        ok: false,
        detail: `There is no program "${program}" that Sluice may run. Install it, or write its full path.`,
      };
    },
    async generate(request, context) {
      await using job = await createJobFolder(jobsFolder);
      const told = toldLines(context);
      const end = await runProgram({
        command: settings.command,
        folder,
        env: environment(own, settings, job),
        input: await inputOf(settings, request, job),
        timeoutMs: seconds(settings.timeout) * 1_000,
        maxOutputBytes: maxBytes(settings),
        signal: context.signal,
        onOutput: media === "text" && settings.output === "text" ? liveText(context) : () => {},
        onTold: told.add,
      });
      told.end();
      context.signal.throwIfAborted();
      const output = outputOf(end, deps, told, folder);
      if (settings.output === "text") return textAnswer(output, who);
      if (settings.output === "image") return pictureAnswer(output, who);
      return await readAnswer(output, {
        who,
        media,
        readFile: (file) => job.readOut(file, maxBytes(settings)),
      });
    },
  };
}

function maxBytes({ max_output_mb }: CommandSettings): number {
  return Math.floor(max_output_mb * 1024 * 1024);
}

async function inputOf({ input }: CommandSettings, request: GenerateRequest, job: JobFolder): Promise<string> {
  if (input === "none") return "";
  if (input === "prompt") return promptInWords(request);
  return `${JSON.stringify(programRequest(request, await putParent(request.parent, job)))}\n`;
}

/** The parent's picture, as a file that the program can open. */
async function putParent(parent: ParentCandidate | null, job: JobFolder): Promise<ParentAsset | null> {
  if (!parent?.asset) return null;
  const { mediaType } = parent.asset;
  const path = join(job.path, `parent.${mediaType.split("/")[1] ?? "bin"}`);
  await writeFile(path, await parent.asset.bytes());
  return { mediaType, path };
}

/** People see a text while it is written. */
function liveText({ write }: GenerateContext): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let text = "";
  return (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    write(text);
  };
}

/** @throws GeneratorError for every end but a good one */
function outputOf(
  end: ProgramEnd,
  { name, settings }: CommandGeneratorDeps,
  told: ToldLines,
  folder: string,
): Uint8Array {
  const who = `The program of "${name}" (${basename(settings.command[0] ?? "")})`;
  const said = told.last.length > 0 ? ` It said: ${told.last.join(" / ")}` : "";
  const fail = (message: string, retryable: boolean) => new GeneratorError(`${message}${said}`, { retryable });
  switch (end.how) {
    case "exited":
      if (end.code === 0) return end.output;
      throw fail(`${who} ended with exit code ${end.code}.`, settings.retry_exit_codes.includes(end.code));
    case "signalled":
      // As when the system runs out of memory.
      throw fail(`${who} was ended by ${end.signal}.`, true);
    case "timeout":
      throw fail(`${who} took longer than ${seconds(settings.timeout)} s, and was stopped.`, true);
    case "too much output":
      throw fail(`${who} wrote more than ${settings.max_output_mb} MB, and was stopped.`, false);
    case "stopped":
      throw fail(`${who} was stopped.`, true);
    case "not started":
      throw fail(notStarted(end.error, settings.command[0] ?? "", folder), isShortage(end.error));
    default:
      return end satisfies never;
  }
}

/** The machine has not enough of something now. */
function isShortage({ code = "" }: NodeJS.ErrnoException): boolean {
  return ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"].includes(code);
}

function notStarted(error: NodeJS.ErrnoException, program: string, folder: string): string {
  switch (error.code) {
    case "ENOENT":
      return `There is no program "${program}", or no folder ${folder}. Install it, or correct the generator's entry.`;
    case "EACCES":
      return `Sluice may not run "${program}". Make it executable (chmod +x).`;
    default:
      return `The program "${program}" could not be started: ${error.message}.`;
  }
}

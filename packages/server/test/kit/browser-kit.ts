import { access } from "node:fs/promises";
import type { Role } from "@sluice/engine";
import chromiumPackage from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { type ServerKit, type ServerKitOptions, serverKit } from "./server-kit.ts";

/** A server with its built dashboard, and a real browser to use it with. */
export interface BrowserKit extends ServerKit {
  /**
   * A window of its own, signed in by a link as a person would be. What goes wrong in the page (exceptions, errors on
   * the console) is kept in `pageErrors`.
   */
  window(name: string, options?: WindowOptions): Promise<Page>;
  /** A window of its own that nobody has signed in with. */
  visitor(): Promise<Page>;
  readonly pageErrors: readonly string[];
}

export interface WindowOptions {
  /** What they have from then on; OWNER for somebody new. */
  readonly role?: Role;
  /** On a phone: a narrow screen, which is touched. */
  readonly phone?: boolean;
}

const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** For what is waited for: pictures that are made while other tests use the same two cores take their time. */
const PATIENCE_MS = 120_000;

export async function browserKit(options: ServerKitOptions = {}): Promise<BrowserKit> {
  const stack = new AsyncDisposableStack();
  const kit = stack.use(await serverKit({ worker: true, ...options }));
  const browser = await theBrowser();
  const pageErrors: string[] = [];
  const open = async (screen: typeof DESKTOP | typeof PHONE) => {
    const context = await browser.newContext({ ...screen, reducedMotion: "reduce" });
    stack.defer(() => context.close());
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on("pageerror", (error) => pageErrors.push(String(error)));
    page.on("console", (message) => void (message.type() === "error" && pageErrors.push(message.text())));
    return page;
  };
  return {
    ...kit,
    pageErrors,
    visitor: () => open(DESKTOP),
    async window(name, { phone = false, ...options } = {}) {
      const page = await open(phone ? PHONE : DESKTOP);
      const link = await kit.people.signInLink(name, options);
      await page.goto(`${kit.url}/sign-in?token=${link}`);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
      const viewer = await page.evaluate(askWhoIAm);
      if (viewer !== name) throw new Error(`The window of ${name} is signed in as ${viewer}.`);
      return page;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Runs in the page, with the cookie that the page sends. */
async function askWhoIAm(): Promise<string> {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ viewer { name } }" }),
  });
  const { data } = (await answer.json()) as { data: { viewer: { name: string } } };
  return data.viewer.name;
}

/** In a single process, windows of different people share their cookies: each would be whoever signed in first. */
const SHARED_PROCESS = ["--single-process", "--no-zygote"];

let launched: Promise<Browser> | undefined;

/** One for all the kits of this process: its windows share nothing. It ends with the process. */
function theBrowser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

/** The browser that the npm package carries; where that one cannot run, the Chrome or Chromium that is there. */
async function launch(): Promise<Browser> {
  // Without WebGL, which nothing here draws with: its emulation on the CPU takes that from the tests.
  chromiumPackage.setGraphicsMode = false;
  if (process.platform === "linux" && process.arch === "x64") {
    return await chromium.launch({
      executablePath: await chromiumPackage.executablePath(),
      args: chromiumPackage.args.filter((arg) => !SHARED_PROCESS.includes(arg)),
    });
  }
  for (const executablePath of ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]) {
    const there = await access(executablePath).then(
      () => true,
      () => false,
    );
    if (there) return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }
  return await chromium.launch({ channel: "chrome" });
}

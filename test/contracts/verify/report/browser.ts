import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Path of the installed Chromium, if there is one. */
export const chromium = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((file) => existsSync(file));

export type Page = {
  /** Opens a file instead of the current one. */
  open(file: string): Promise<void>;
  /** Evaluates an expression in the page. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Takes a screenshot of a viewport, or of the whole page, as PNG. */
  screenshot(options?: { whole?: boolean }): Promise<Buffer>;
  /** Waits for a change of the page's look. */
  look(options: { width: number; height: number; dark?: boolean }): Promise<void>;
  /** Messages and requests that the file caused in the browser. */
  noise: string[];
  close(): Promise<void>;
};

type Message = {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: object;
};

/** Starts a headless Chromium with one page. */
export async function startBrowser(): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
  const child = spawn(
    chromium!,
    [...flags, `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const gone = once(child, "exit");
  const send = await connect(await debuggerUrl(child.stderr));
  const { targetInfos } = await send<{ targetInfos: { type: string; targetId: string }[] }>(
    "Target.getTargets",
  );
  const { targetId } = targetInfos.find(({ type }) => type === "page")!;
  const { sessionId } = await send<{ sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  const page = <Result>(method: string, params = {}) => send<Result>(method, params, sessionId);
  for (const domain of ["Page", "Network", "Log"]) await page(`${domain}.enable`);
  let loaded = () => {};
  let shown = "";
  send.onEvent(({ method, params = {} }) => {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Log.entryAdded") opened.noise.push(JSON.stringify(params.entry));
    const asked = (params.request as { url?: string } | undefined)?.url;
    if (method === "Network.requestWillBeSent" && asked !== shown) opened.noise.push(String(asked));
  });

  const opened: Page = {
    noise: [],
    async open(file) {
      opened.noise = [];
      shown = `file://${file}`;
      const done = new Promise<void>((resolve) => void (loaded = resolve));
      await page("Page.navigate", { url: shown });
      await done;
    },
    async evaluate<Value>(expression: string) {
      const { result } = await page<{ result: { value: Value } }>("Runtime.evaluate", {
        expression,
        returnByValue: true,
      });
      return result.value;
    },
    async screenshot({ whole = false } = {}) {
      const shot = await page<{ data: string }>("Page.captureScreenshot", { captureBeyondViewport: whole });
      return Buffer.from(shot.data, "base64");
    },
    async look({ width, height, dark = false }) {
      const phone = width < 600;
      await page("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: phone ? 2 : 1,
        mobile: phone,
      });
      const value = dark ? "dark" : "light";
      await page("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
    },
    async close() {
      child.kill("SIGKILL");
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return opened;
}

async function debuggerUrl(stderr: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stderr) {
    text += chunk;
    const [, url] = text.match(/listening on (ws:\S+)/) ?? [];
    if (url) {
      // Later messages must not fill the pipe.
      stderr.resume();
      return url;
    }
  }
  throw new Error(`Chromium did not start: ${text}`);
}

/** @see https://chromedevtools.github.io/devtools-protocol/ */
async function connect(url: string) {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((message: Message) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id === undefined) for (const listener of listeners) listener(message);
    else waiting.get(message.id)?.(message);
  });
  await once(socket, "open");
  let count = 0;

  function send<Result>(method: string, params = {}, sessionId?: string): Promise<Result> {
    const id = ++count;
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) =>
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${JSON.stringify(error)}`)) : resolve(result as Result),
      ),
    );
  }
  return Object.assign(send, {
    onEvent: (listener: (message: Message) => void) => void listeners.push(listener),
  });
}

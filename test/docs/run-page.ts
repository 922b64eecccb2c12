import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { type Mock, startMock } from "../../mocks/mock.ts";
import type { Snippet } from "./snippets.ts";

/** One test file in vitest's JSON report. */
type VitestResult = { name: string; status: string };

/** What a block did. */
export type Done = { exitCode: number; stdout: string; stderr: string };

/** Runs the blocks of one page, in order, as a reader would. */
export type PageRun = {
  /** Does what the block's mode says. */
  run(snippet: Snippet): Promise<Done>;
  /** Stops what was started and removes what was written. */
  close(): Promise<void>;
};

/**
 * Opens a copy of the project to run a page in: links to its folders, and a copy of `spec` and `generated`, so
 * that no block changes the project.
 *
 * Pages name the port 4010, or 4011 and so on for further servers. Each becomes a free port. A page that starts
 * no server itself finds a mock on 4010. All blocks for vitest are run by one process, with the first of them.
 */
export function openPage(snippets: readonly Snippet[]): PageRun {
  const folder = mkdtempSync(join(tmpdir(), "necid-page-"));
  for (const name of readdirSync(".")) {
    if (["spec", "generated"].includes(name)) cpSync(name, join(folder, name), { recursive: true });
    else if (![".git", ".necid", "dist"].includes(name)) symlinkSync(resolve(name), join(folder, name));
  }
  writeFileSync(join(folder, ".curlrc"), "fail-with-body\nsilent\n");
  mkdirSync(join(folder, "pages"));
  const ports = new Map<string, number>();
  const servers = new Map<string, ChildProcess>();
  let mock: Mock | undefined;
  let vitestRun: Promise<Map<number, Done>> | undefined;
  let count = 0;
  const env = {
    ...process.env,
    CURL_HOME: folder,
    PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
  };

  return {
    async run(snippet) {
      const text = await placed(snippet);
      switch (snippet.mode) {
        case "file":
          mkdirSync(dirname(join(folder, snippet.option)), { recursive: true });
          writeFileSync(join(folder, snippet.option), text);
          return nothing;
        case "serve":
          return serve(text);
        case "vitest":
          vitestRun ??= vitest(snippets.filter(({ mode }) => mode === "vitest"));
          return (await vitestRun).get(snippet.line)!;
        case "run":
          return snippet.language === "ts" ? node(text) : start("bash", ["-euo", "pipefail", "-c", text]);
        default:
          return nothing;
      }
    },
    async close() {
      await Promise.all([...servers.values()].map(stop));
      await mock?.close();
      rmSync(folder, { recursive: true });
    },
  };

  /** The block with free ports in the place of those that it names. */
  async function placed({ mode, text }: Snippet): Promise<string> {
    const named = [...new Set([...text.matchAll(/\b401\d\b/g)].map(([port]) => port))];
    if (mode === "serve" && named.length === 0) named.push("4010");
    for (const port of named) if (!ports.has(port)) ports.set(port, await freePort());
    const needsMock = mode !== "serve" && !servers.has("4010") && /4010|npm run (-s )?example/.test(text);
    if (needsMock && !mock) {
      if (!ports.has("4010")) ports.set("4010", await freePort());
      mock = await startMock({ port: ports.get("4010") });
    }
    return text.replaceAll(/\b401\d\b/g, (port) => String(ports.get(port)));
  }

  async function serve(text: string): Promise<Done> {
    const [asked] = /(?<=--port )\d+/.exec(text) ?? [];
    const port = asked ?? String(ports.get("4010"));
    const name = [...ports].find(([, free]) => String(free) === port)![0];
    await stop(servers.get(name));
    const separator = / -- /.test(text) || !/npm/.test(text) ? "" : " --";
    const command = asked ? text.trim() : `${text.trim()}${separator} --port ${port}`;
    // A group of its own, so that npm's child ends with it.
    const child = spawn("bash", ["-c", `exec ${command}`], { cwd: folder, env, detached: true });
    servers.set(name, child);
    const done: Done = { exitCode: 0, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (done.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (done.stderr += chunk));
    while (!(await isUp(port))) {
      if (child.exitCode !== null) return { ...done, exitCode: child.exitCode };
      await new Promise((wait) => setTimeout(wait, 50));
    }
    return done;
  }

  async function node(text: string): Promise<Done> {
    const file = join(folder, "pages", `snippet-${++count}.ts`);
    writeFileSync(file, text);
    return start(process.execPath, [`--conditions=${sourceCondition}`, file]);
  }

  /** What each block did, by its line. */
  async function vitest(blocks: readonly Snippet[]): Promise<Map<number, Done>> {
    const tests = join(folder, "pages", "vitest");
    mkdirSync(tests);
    for (const block of blocks) writeFileSync(join(tests, `${block.line}.test.ts`), await placed(block));
    const conditions = `{ conditions: ["${sourceCondition}"] }`;
    const config = `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} }, test: { pool: "forks" } };\n`;
    writeFileSync(join(tests, "vitest.config.js"), config);
    const command = resolve("node_modules/vitest/vitest.mjs");
    const report = join(tests, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const done = await start(process.execPath, [command, "run", "--root", tests, ...reporters]);
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as { testResults: VitestResult[] };
    return new Map(
      testResults.map(({ name, status }) => {
        const exitCode = status === "passed" ? 0 : done.exitCode || 1;
        return [Number(basename(name, ".test.ts")), { ...done, exitCode }];
      }),
    );
  }

  function start(command: string, args: string[]): Promise<Done> {
    const url = { NECID_BASE_URL: `http://127.0.0.1:${ports.get("4010")}/v1` };
    const options = { cwd: folder, env: ports.has("4010") ? { ...env, ...url } : env, maxBuffer: 1e8 };
    return new Promise((done) => {
      execFile(command, args, options, (error, stdout, stderr) =>
        done({ exitCode: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      );
    });
  }
}

/** The condition of the package's exports under which they are the source files. */
export const sourceCondition = "necid-source";

const nothing: Done = { exitCode: 0, stdout: "", stderr: "" };

/** A port that nobody listens on, below those that systems give to outgoing connections. */
async function freePort(): Promise<number> {
  const port = 15_000 + Math.floor(Math.random() * 15_000);
  return (await canListen(port)) ? port : freePort();
}

function canListen(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer()
      .once("error", () => found(false))
      .listen(port, "127.0.0.1", () => server.close(() => found(true)));
  });
}

async function isUp(port: string): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/__necid/health`).then(
    () => true,
    () => false,
  );
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((end) => child.once("exit", end));
  process.kill(-child.pid!, "SIGTERM");
  await ended;
}

/** Whether a text is what a page shows, where `…` stands for anything. */
export function matches(shown: string, printed: string): boolean {
  const parts = shown
    .trim()
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*?")}$`).test(printed.trim().replaceAll("\r\n", "\n"));
}

/** The lines that `.ci/run` runs. */
export function ciLines(): string[] {
  return readFileSync(".ci/run", "utf8")
    .split("\n")
    .map((line) => line.replace(/ \|\| exit 1$/, "").trim());
}

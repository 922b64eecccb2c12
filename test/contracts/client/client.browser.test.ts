import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { startMock } from "../../../mocks/mock.ts";
import { serve } from "../world.ts";

const run = promisify(execFile);
const chromium = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]
  .filter((path) => path !== undefined && path !== "")
  .find((path) => {
    try {
      accessSync(path!);
      return true;
    } catch {
      return false;
    }
  });

test.skipIf(!chromium)(
  "a page in Chromium calls the mock of another origin through CORS, with this client and with aws4fetch",
  async ({ onTestFinished }) => {
    const mock = await startMock({ cors: "all" });
    onTestFinished(() => mock.close());
    const { stdout: script } = await run("node_modules/.bin/esbuild", [
      "test/contracts/client/browser-page.ts",
      "--bundle",
      "--format=esm",
      "--platform=browser",
      "--target=es2024",
      "--conditions=necid-source",
    ]);
    const options = { ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url };
    const images = { alice: face("alice"), bob: face("bob") };
    const saw = Promise.withResolvers<unknown>();
    const responses: Record<string, [type: string, body: string]> = {
      "/": ["text/html", '<!doctype html><script type="module" src="/page.js"></script>'],
      "/page.js": ["text/javascript", script],
      "/options": ["application/json", JSON.stringify({ options, images })],
    };
    const server = await serve((request, response, body) => {
      if (request.url === "/saw") saw.resolve(JSON.parse(body.toString()));
      const [type, text] = responses[request.url!] ?? ["text/plain", ""];
      response.writeHead(200, { "content-type": type }).end(text);
    });
    onTestFinished(() => server.close());

    const profile = mkdtempSync(join(tmpdir(), "necid-chromium-"));
    const browser = spawn(
      chromium!,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--remote-debugging-port=0",
      ].concat(`--user-data-dir=${profile}`, `${server.url}/`),
      { stdio: "ignore", detached: true },
    );
    const exit = once(browser, "exit");
    onTestFinished(async () => {
      // Chromium is a family of processes. The group has the id of the first.
      if (browser.exitCode === null && browser.pid) process.kill(-browser.pid, "SIGKILL");
      await exit.catch(() => {});
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    });
    const ended = exit.then(() => ({ failed: "Chromium ended before the page was done" }));

    expect(await Promise.race([saw.promise, ended])).toEqual({
      encoded: true,
      registered: 201,
      verified: 200,
      stranger: 404,
      invalid: 1001,
      refused: [403, '{"message":"The request signature we calculated does not match the'],
      found: [200, 1],
      deleted: 204,
    });
  },
);

import { createServer } from "node:http";
import { test as base, expect } from "@playwright/test";
import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { necIdMatchers, startWorld } from "necid-contract-kit/mock";

expect.extend(necIdMatchers);

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  necid: async ({}, use) => {
    const necid = await startWorld();
    await use(necid);
    await necid.close();
  },
  /** The application under test: a page that says who stands at the gate. It knows NEC ID by its environment only. */
  application: async ({ necid }, use) => {
    const server = createServer(async ({ url }, response) => {
      // A browser asks for an icon too.
      if (url !== "/") return response.writeHead(404).end();
      response.setHeader("content-type", "text/html").end(`<h1>${await whoIsThere(necid.env)}</h1>`);
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    await use(`http://127.0.0.1:${server.address().port}`);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});

test("the page welcomes a registered person", async ({ page, necid, application }) => {
  necid.seedSubjects({ 1: ["alice"] });
  await page.goto(application);
  await expect(page.locator("h1")).toHaveText("Welcome");
  expect(necid.journal).toHaveBeenCalledOperation("search", { status: 200 });
});

test("the page refuses a stranger", async ({ page, application }) => {
  await page.goto(application);
  await expect(page.locator("h1")).toHaveText("Nobody we know");
});

async function whoIsThere(env) {
  const client = createClient({
    baseUrl: env.NECID_BASE_URL,
    accessKeyId: env.NECID_ACCESS_KEY_ID,
    secretAccessKey: env.NECID_SECRET_ACCESS_KEY,
    apiKey: env.NECID_API_KEY,
  });
  const { response } = await client.POST("/face/search", { body: { probe: face("alice", { photo: 2 }) } });
  return response.ok ? "Welcome" : "Nobody we know";
}

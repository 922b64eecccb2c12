/** The test runners that `necid init` knows. */
export const runners = ["vitest", "jest", "mocha", "node-test", "playwright"] as const;

type Template = { file: string; test: string; script: string };

const imports = `import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";
`;

const callRegister = `  const { data: subject } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  const answer = await necid.client.POST("/face/verify", { body: { id: subject.id, probe: face("bob") } });
`;

/** The first test for each runner: a stranger is refused. */
export const templates: Record<(typeof runners)[number], Template> = {
  vitest: {
    file: "test/necid.test.ts",
    script: "vitest run test/necid.test.ts",
    test: `import { face } from "necid-contract-kit/faces";
import { expect, test } from "necid-contract-kit/vitest";

test("a stranger is refused", async ({ necid }) => {
${callRegister.replace("subject.id", "subject!.id")}  expect(answer).toMatchContract("verify", 404);
});
`,
  },
  jest: {
    file: "test/necid.test.cjs",
    script: "jest test/necid.test.cjs --testMatch '**/*.test.cjs'",
    test: `const { face } = require("necid-contract-kit/faces");
const { necIdMatchers, startWorld } = require("necid-contract-kit/mock");

expect.extend(necIdMatchers);

test("a stranger is refused", async () => {
  const necid = await startWorld();
${callRegister}  expect(answer).toMatchContract("verify", 404);
  await necid.close();
});
`,
  },
  mocha: {
    file: "test/necid.test.mjs",
    script: "mocha test/necid.test.mjs",
    test: `import assert from "node:assert/strict";
${imports}
it("refuses a stranger", async () => {
  const necid = await startWorld();
${callRegister}  assert.equal(answer.response.status, 404);
  await necid.close();
});
`,
  },
  "node-test": {
    file: "test/necid.test.mjs",
    script: "node --test test/necid.test.mjs",
    test: `import assert from "node:assert/strict";
import { test } from "node:test";
${imports}
test("a stranger is refused", async (t) => {
  const necid = await startWorld();
  t.after(() => necid.close());
${callRegister}  assert.equal(answer.response.status, 404);
});
`,
  },
  playwright: {
    file: "test/necid.test.mjs",
    script: "playwright test test/necid.test.mjs",
    test: `import { expect, test } from "@playwright/test";
${imports}
test("a stranger is refused", async () => {
  const necid = await startWorld();
${callRegister}  expect(answer.response.status).toBe(404);
  await necid.close();
});
`,
  },
};

/** The CI job. */
export const workflow = `name: NEC ID

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  contract:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - run: npm run test:necid
`;

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startMock } from "../../mocks/mock.ts";

const run = promisify(execFile);
const readme = readFileSync("README.md", "utf8");

test("the README's first curl line, pasted, registers a face", async () => {
  const mock = await startMock();
  const [line] = /^ {4}(curl --aws-sigv4 .*)$/m.exec(readme)!.slice(1);
  const command = line!.replace("http://127.0.0.1:4010/v1", mock.url);
  const { stdout } = await run("sh", ["-c", `${command} -s -w '\\n%{http_code}'`]);
  const [body, status] = stdout.split("\n");
  expect({ status, left: JSON.parse(body!).attributes.faceArea.left }).toEqual({
    status: "201",
    left: expect.stringMatching(/^\d+$/),
  });
  await mock.close();
});

test("the README's typed call runs and prints the new subject", async () => {
  const mock = await startMock();
  const { stdout } = await run(process.execPath, ["examples/register.ts"], {
    env: { ...process.env, NECID_BASE_URL: mock.url },
  });
  expect(stdout).toMatch(/^201 necidguid-\S+ 0\.\d+\n$/);
  await mock.close();
});

test("the README's code for the typed call is the example's", () => {
  const example = readFileSync("examples/register.ts", "utf8");
  const call =
    "const { data, error, response } = await client.operations.ApiSubjectsPost({ body: { face } });";
  expect([readme.includes(call), example.includes(call)]).toEqual([true, true]);
});

test("every npm script that the README names exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

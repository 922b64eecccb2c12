import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { ImageRole, PlannedCall } from "../../../../contracts/verify/check.ts";
import { reproduction } from "../../../../contracts/verify/report/reproduction.ts";

const picture = Buffer.from("a picture % of alice").toString("base64");
const options = {
  baseUrl: "http://127.0.0.1:4010/v1",
  roleOf: (text: string): ImageRole | undefined => (text === picture ? "alice-1" : undefined),
};
const register: PlannedCall = {
  operation: "ApiSubjectsPost",
  method: "POST",
  path: "/subjects",
  body: { face: picture },
  purpose: "register alice",
};

const cases: [name: string, planned: Partial<PlannedCall>, commands: string[]][] = [
  [
    "a picture",
    {},
    [
      "# register alice",
      `printf '{"face":"%s"}' "$(base64 < alice-1.jpg | tr -d '\\n')" > body.json`,
      "necid sign POST 'http://127.0.0.1:4010/v1/subjects' --body @body.json",
    ],
  ],
  [
    "no body, the second application",
    { method: "DELETE", path: "/subjects/a'b", body: undefined, application: 2 },
    [
      "# register alice",
      `NECID_API_KEY="$NECID_API_KEY_2" necid sign DELETE 'http://127.0.0.1:4010/v1/subjects/a'\\''b'`,
    ],
  ],
  [
    "unsigned",
    { signing: "none", body: { a: "it's" } },
    [
      "# register alice",
      `curl -i -X POST 'http://127.0.0.1:4010/v1/subjects' -H 'content-type: application/json' --data-binary '{"a":"it'\\''s"}'`,
    ],
  ],
  [
    "a wrong signature and headers of its own",
    { signing: "expired", body: undefined, headers: { prefer: "code=404", "x-api-key": "hush" } },
    [
      "# register alice",
      "# with the header prefer: code=404",
      "# the check signs it wrong on purpose: expired",
      "necid sign POST 'http://127.0.0.1:4010/v1/subjects'",
    ],
  ],
  [
    "bytes that are text",
    { body: Buffer.from('{"face":') },
    ["# register alice", `necid sign POST 'http://127.0.0.1:4010/v1/subjects' --body '{"face":'`],
  ],
  [
    "bytes that are none",
    { body: Buffer.from([0xff]) },
    [
      "# register alice",
      "# body.bin: 1 bytes, SHA-256 a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89",
      "necid sign POST 'http://127.0.0.1:4010/v1/subjects' --body @body.bin",
    ],
  ],
];

test.each(cases)("%s", (_, other, commands) => {
  expect(reproduction([{ ...register, ...other }], options).split("\n")).toEqual(commands);
});

test("of many calls it shows the last ones", () => {
  const calls = Array.from({ length: 8 }, (_, index) => ({
    ...register,
    body: undefined,
    purpose: `call ${index}`,
  }));
  const lines = reproduction(calls, options).split("\n");
  expect(lines.filter((line) => line.startsWith("#"))).toEqual([
    "# after 3 more calls of the check",
    ...["# call 3", "# call 4", "# call 5", "# call 6", "# call 7"],
  ]);
});

test("a shell that runs it signs the body of the call", async () => {
  const folder = await mkdtemp(join(tmpdir(), "again-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "alice-1.jpg"), "a picture % of alice");
  await writeFile(join(folder, "necid"), '#!/bin/sh\nprintf "%s\\n" "$@" > asked\n');
  await chmod(join(folder, "necid"), 0o755);
  const body = { face: picture, more: `100% "quoted" \\ back 'single'` };
  await promisify(execFile)("sh", ["-c", reproduction([{ ...register, body }], options)], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  expect(JSON.parse(await readFile(join(folder, "body.json"), "utf8"))).toEqual(body);
  expect((await readFile(join(folder, "asked"), "utf8")).split("\n")).toEqual([
    "sign",
    "POST",
    "http://127.0.0.1:4010/v1/subjects",
    "--body",
    "@body.json",
    "",
  ]);
});

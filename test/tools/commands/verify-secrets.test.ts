import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageRoles } from "../../../contracts/verify/run/session.ts";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import { openGate, type Responder } from "../../contracts/verify/run/gate.ts";
import { closing, openMock, startVerify, temporary } from "../../contracts/verify/verifying.ts";

const mark = () => randomBytes(24).toString("base64url");
const secrets = {
  NECID_ACCESS_KEY_ID: `AKIA${mark()}`,
  NECID_SECRET_ACCESS_KEY: `secret/${mark()}+`,
  NECID_SESSION_TOKEN: `token/${mark()}==`,
  NECID_API_KEY: `key-1-${mark()}`,
  NECID_API_KEY_2: `key-2-${mark()}`,
};
const credentials = {
  accessKeyId: secrets.NECID_ACCESS_KEY_ID,
  secretAccessKey: secrets.NECID_SECRET_ACCESS_KEY,
  sessionToken: secrets.NECID_SESSION_TOKEN,
};
const apiKeys = [secrets.NECID_API_KEY, secrets.NECID_API_KEY_2];
const pictures = new Map(
  imageRoles.map((role) => [
    role,
    Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), randomBytes(90)]),
  ]),
);

const canaries = piecesOfAll();

/** Repeats what it was sent, and what it cannot know, wherever it can. */
const nasty: Responder = async ({ headers, body, number }, forward) => {
  const response = await forward();
  if (number < 4) return response;
  const told = [
    Object.values(secrets).join(" "),
    JSON.stringify(headers),
    body.toString("latin1").slice(0, 3000),
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), body])
        .toString("base64")
        .slice(0, 3000),
    ),
    ...Object.values(secrets).flatMap((secret) =>
      ["base64", "base64url", "hex"].map((form) => Buffer.from(`x${secret}`).toString(form as "hex")),
    ),
    ...[...pictures.values()].flatMap((picture) => [picture.toString("hex"), picture.toString("base64")]),
    ...Object.values(secrets).map((secret) => encodeURIComponent(secret)),
  ];
  return nastily(response, told[number % told.length]!, number);
};

function nastily(
  { status, headers, body }: ReceivedResponse,
  text: string,
  number: number,
): ReceivedResponse {
  const shown = text.replaceAll(/[^ -~]/g, "?");
  const echo: [string, string][] = [
    ["x-amzn-errortype", `${shown.slice(0, 500)}Exception`],
    ["x-echo", shown.slice(0, 500)],
    ["content-type", number % 5 === 0 ? `text/${shown.slice(0, 300)}` : "application/json"],
  ];
  const kept = headers.filter(([name]) => !echo.some(([echoed]) => echoed === name));
  const given = body.length > 0 && status < 300 ? JSON.parse(body.toString()) : {};
  const bodies = [
    { ...given, message: text, [text.slice(0, 200)]: text },
    { ...given, attributes: { faceRoll: text, [text.slice(0, 100)]: 1 } },
    { ...given, candidates: [{ id: text, score: text }] },
    { message: text, errorCode: text, errorType: text },
  ];
  const content = number % 7 === 0 ? text : JSON.stringify(bodies[number % bodies.length]);
  return { status: status === 204 ? 200 : status, headers: [...kept, ...echo], body: Buffer.from(content) };
}

test("no byte of a secret or an image in anything that a failing run shows or writes", async () => {
  const mock = await openMock({ credentials, apiKeys });
  const gate = closing(await openGate(mock.url, { respond: nasty }));
  const faces = temporary("faces");
  const report = temporary("report");
  const summary = temporary("summary.md");
  mkdirSync(faces);
  for (const [role, picture] of pictures) writeFileSync(join(faces, `${role}.png`), picture);
  const env = { ...secrets, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  const given = ["--target", gate.url, "--faces", faces];

  const failing = await startVerify([...given, "--report", report], env).ended;
  expect(failing.code).toBe(1);
  expect(failing.stdout).toContain("does not conform");
  // It came as far as the report, where it stands as a size and a hash.
  expect(failing.stdout).toMatch(/text of \d+ characters \(SHA-256 /);
  const compared = await startVerify([...given, "--compare", "mock"], env).ended;
  const refused = await startVerify(given, { ...env, NECID_API_KEY: `x${secrets.NECID_API_KEY}` }).ended;
  const unsendable = await startVerify(given, { ...env, NECID_API_KEY: `${secrets.NECID_API_KEY}\n` }).ended;
  const planned = await startVerify([...given, "--plan"], env).ended;
  const cleaned = await startVerify([...given, "--clean"], env).ended;

  const files = readdirSync(report).map((name) => join(report, name));
  expect(files).toHaveLength(3);
  expect(existsSync(summary)).toBe(true);
  const shown = [
    ...[failing, compared, refused, unsendable, planned, cleaned].map(
      ({ stdout, stderr }) => stdout + stderr,
    ),
    ...[...files, summary, temporary("ledger.jsonl")].map((file) => readFileSync(file, "latin1")),
  ];
  expect([...new Set(shown.flatMap((text) => sungIn(text)))]).toEqual([]);
});

/** The names of the marked values of which a piece stands in a text. */
function sungIn(text: string): string[] {
  return piecesOf(text).flatMap((piece) => canaries.get(piece) ?? []);
}

test("a piece of a marked value is noticed", () => {
  const [secret, picture] = [secrets.NECID_API_KEY, pictures.get("bob")!.subarray(33)];
  expect(sungIn(`<p>${secret.slice(8, 18)}</p>`)).toEqual(["NECID_API_KEY"]);
  expect(sungIn(picture.toString("base64"))).toContain("bob");
  expect(sungIn(Buffer.from(`x${secret}`).toString("base64"))).toContain("NECID_API_KEY");
});

/** Every piece of a marked value, in every spelling and any alignment, and whose it is. */
function piecesOfAll(): Map<string, string> {
  const values = [
    ...Object.entries(secrets).map(([name, secret]): [string, Buffer] => [name, Buffer.from(secret)]),
    ...pictures,
  ];
  return new Map(
    values.flatMap(([name, bytes]) => {
      // What a picture begins with is no secret.
      const own = bytes.subarray(8);
      const spellings = [
        own.toString("latin1"),
        encodeURIComponent(own.toString("latin1")),
        own.toString("hex"),
        ...[0, 1, 2].flatMap((shift) => {
          const shifted = Buffer.concat([Buffer.alloc(shift), own]);
          return [shifted.toString("base64").slice(4), shifted.toString("base64url").slice(4)];
        }),
      ];
      return spellings.flatMap(piecesOf).map((piece): [string, string] => [piece, name]);
    }),
  );
}

/** Ten characters in a row come about by chance in no output. */
function piecesOf(text: string): string[] {
  return Array.from({ length: Math.max(text.length - 9, 0) }, (_, start) => text.slice(start, start + 10));
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { github } from "../../../../contracts/verify/report/github.ts";
import { html } from "../../../../contracts/verify/report/html.ts";
import { junit } from "../../../../contracts/verify/report/junit.ts";
import { createRedactor, redactReport } from "../../../../contracts/verify/report/redact.ts";
import type { Report } from "../../../../contracts/verify/report/report.ts";
import { terminalReport } from "../../../../contracts/verify/report/terminal.ts";
import { sampleReport } from "./sample.ts";

const secrets = ["AKIACANARYCANARY1234", "canary/secret+key/0123456789abcdefghijkl", "canary-api-key"];
const hash = "5e".repeat(32);

const unchanged = [
  "body /components/schemas/Attributes/properties/faceRoll/attributes/rightEyeCenter",
  "/subjects/necidguid-fcdf-49eb-9182-5a6825ed2a3b",
  "sequence/an-unregistered-subject-neither-verifies-nor-updates-afterwards",
  "ApiSubjectsByIdEventByIdPut/ApiSubjectsByIdEventsPost/200",
  "https://api.id.nec.com.au/v1/subjects/necidguid-ad57-465b-b538-71b6c9b02447",
  hash,
  "text matching ^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
  "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
];

test.each(unchanged)("%s is unchanged", (text) => {
  expect(createRedactor(secrets)(text)).toBe(text);
});

const face = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

test.each([
  ["an image", `is ${face}.`, "is (92 characters, SHA-256 87f06e6f…)."],
  ["a secret", "key canary-api-key, again canary-api-key", "key (secret), again (secret)"],
  ["a secret as Base64", `x ${Buffer.from("canary-api-key").toString("base64")}`, "x (secret)"],
  ["a secret in a URL", `?${encodeURIComponent(secrets[1]!)}`, "?(secret)"],
  ["a user in a URL", "'https://me:hidden@host/v1'", "'https://host/v1'"],
  ["a signature", `Signature=${"0a".repeat(32)}`, "Signature=(secret)"],
])("%s is redacted", (_, text, shown) => {
  expect(createRedactor(secrets)(text)).toBe(shown);
});

test("long text is cut", () => {
  expect(createRedactor([])("ab ".repeat(5_000))).toMatch(/^(ab )+a… \(15000 characters\)$/);
});

test("secrets and images in any text of a report appear in none of its formats", () => {
  const image = fc
    .uint8Array({ minLength: 30, maxLength: 3_000 })
    .map((bytes) => Buffer.concat([Buffer.from([255, 216, 255, 224]), Buffer.from(bytes)]));
  const hidden = fc.oneof(
    fc.constantFrom(...secrets),
    fc.constantFrom(...secrets).map(encodeURIComponent),
    fc.constantFrom(...secrets).map((secret) => Buffer.from(secret).toString("hex")),
    image.map((bytes) => bytes.toString("base64")),
    image.map((bytes) => bytes.toString("base64url")),
    image.map((bytes) => bytes.toString("hex")),
    image.map((bytes) => encodeURIComponent(bytes.toString("base64"))),
    image.map((bytes) => JSON.stringify({ face: bytes.toString("base64") }).replaceAll("/", "\\/")),
  );
  fc.assert(
    fc.property(hidden, fc.constantFrom("", "\n", "<b>", '"', ": "), (text, around) => {
      const planted = plant(sampleReport(), `${around}${text}${around}`);
      const shown = formsOf(redactReport(planted, secrets));
      const parts = text.replace(/[^A-Za-z0-9+/_-]+/g, " ").split(" ");
      for (const piece of [...parts.flatMap(pieces), ...secrets]) {
        for (const [form, content] of Object.entries(shown)) {
          if (content.includes(piece)) throw new Error(`${form} shows ${piece}`);
        }
      }
    }),
    { numRuns: 60, seed: 4 },
  );
});

/** Adds a text to every free text of the report. */
function plant(report: Report, text: string): Report {
  const more = <Item extends object>(item: Item, names: (keyof Item)[]): Item => ({
    ...item,
    ...Object.fromEntries(names.map((name) => [name, `${item[name] ?? ""} ${text}`])),
  });
  return {
    ...more(report, ["reason"]),
    target: more(report.target, ["name"]),
    contract: more(report.contract, ["title", "version"]),
    checks: report.checks.map((check) => more(check, ["id", "operation", "title", "reason"])),
    mismatches: report.mismatches.map((mismatch) => ({
      ...more(mismatch, [
        "operation",
        "location",
        "instancePath",
        "expected",
        "actual",
        "message",
        "reproduction",
      ]),
      accepted: mismatch.accepted && more(mismatch.accepted, ["reason"]),
    })),
    matrix: report.matrix.map((row) => more(row, ["operation", "field", "notAsserted"])).slice(0, 40),
    ledger: { ...report.ledger, orphans: [{ role: text, application: 1, id: text }] },
    accepted: report.accepted.map((each) => more(each, ["operation", "instancePath", "reason"])),
  };
}

/** Pieces that are unlikely to occur by chance. */
function pieces(text: string): string[] {
  const starts = Array.from({ length: Math.floor(text.length / 24) }, (_, index) => index * 24);
  return starts.map((start) => text.slice(start, start + 24)).filter((piece) => new Set(piece).size > 8);
}

function formsOf(report: Report): Record<string, string> {
  let terminal = "";
  const shown = terminalReport({
    write: (text) => void (terminal += text),
    redact: createRedactor(secrets),
    color: true,
    columns: 100,
  });
  for (const check of report.checks) shown.finished(check);
  shown.end(report);
  return {
    terminal,
    json: JSON.stringify(report),
    html: html(report),
    junit: junit(report),
    ...github(report),
  };
}

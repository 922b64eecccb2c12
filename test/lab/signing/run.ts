import { randomBytes } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { AwsV4Signer } from "aws4fetch";
import { amzDate } from "../../../contracts/canonical-request.ts";
import { createSigner, sha256 } from "../../../contracts/client/signer.ts";
import { sign } from "../../../contracts/signing.ts";
import { mockCredentials } from "../../../mocks/world/credentials.ts";

/**
 * `npm run bench:signing`: signatures a second of this client beside other signers, for the same requests, in turns
 * in one process. `npm run bench:signing -- 1000` measures each for 1,000 ms, by default 300.
 */
const { accessKeyId, secretAccessKey } = mockCredentials;
const credentials = { accessKeyId, secretAccessKey };
const scope = { region: "ap-southeast-2", service: "execute-api" };
const host = "api.example.test";
const path = "/v1/subjects";
const url = `https://${host}${path}`;
const type = { "content-type": "application/json" };
const headers = new Headers(type);
const now = Date.now();

const signer = createSigner(credentials);
const smithy = new SignatureV4({ credentials, ...scope, sha256: Sha256, applyChecksum: false });
const signers: Record<string, (body: Buffer<ArrayBuffer>, text: string) => unknown> = {
  "this client": async (body) =>
    signer({ method: "POST", url, headers, payloadHash: await sha256(body) }, now),
  "this project's sign, synchronous": (body) =>
    sign({ method: "POST", url, headers, body }, { ...credentials, now }),
  aws4: (body) =>
    aws4.sign({ method: "POST", host, path, headers: { ...type }, body, ...scope }, credentials),
  aws4fetch: (body) =>
    new AwsV4Signer({
      ...credentials,
      ...scope,
      method: "POST",
      url,
      headers: type,
      body,
      datetime: amzDate(now),
      allHeaders: true,
    }).authHeader(),
  "@smithy/signature-v4": (_, text) =>
    smithy.sign(
      { method: "POST", protocol: "https:", hostname: host, path, headers: { host, ...type }, body: text },
      { signingDate: new Date(now) },
    ),
};

const ms = Number(process.argv[2] ?? 300);
if (!Number.isInteger(ms) || ms < 1) {
  process.stderr.write("Give the milliseconds for each signer as a whole number, e.g. 300.\n");
  process.exit(2);
}
const rows: Record<string, Record<string, number>> = {};
for (const [name, size] of Object.entries({ "100 B": 75, "200 kB": 150_000, "6.7 MB": 5_000_000 })) {
  const text = randomBytes(size).toString("base64");
  const body: Buffer<ArrayBuffer> = Buffer.from(text);
  for (const [who, sign] of Object.entries(signers)) {
    await sign(body, text);
    const started = performance.now();
    let count = 0;
    while (performance.now() - started < ms) {
      await sign(body, text);
      count += 1;
    }
    const perSecond = (count * 1000) / (performance.now() - started);
    rows[who] = { ...rows[who], [name]: Number(perSecond.toPrecision(3)) };
  }
}
process.stdout.write("Signatures a second, by the size of the body:\n");
console.table(rows);

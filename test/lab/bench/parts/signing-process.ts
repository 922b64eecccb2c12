import { randomBytes } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { AwsV4Signer } from "aws4fetch";
import { amzDate } from "../../../../contracts/canonical-request.ts";
import { createSigner, sha256 } from "../../../../contracts/client/signer.ts";
import { sign } from "../../../../contracts/signing.ts";
import { mockCredentials } from "../../../../mocks/world/credentials.ts";
import { serveProcess } from "../load/call-process.ts";

/** Signatures a second of one signer, by the size of the body. */
export type SigningTimes = { name: string; perSecond: Record<string, number> };

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

serveProcess<{ ms: number }, SigningTimes[]>(async ({ ms }) => {
  const times: SigningTimes[] = Object.keys(signers).map((name) => ({ name, perSecond: {} }));
  for (const [size, bytes] of Object.entries({ "100 B": 75, "200 kB": 150_000, "6.7 MB": 5_000_000 })) {
    const text = randomBytes(bytes).toString("base64");
    const body: Buffer<ArrayBuffer> = Buffer.from(text);
    for (const [index, sign] of Object.values(signers).entries()) {
      await sign(body, text);
      const started = performance.now();
      let count = 0;
      while (performance.now() - started < ms) {
        await sign(body, text);
        count += 1;
      }
      times[index]!.perSecond[size] = (count * 1000) / (performance.now() - started);
    }
  }
  return times;
});

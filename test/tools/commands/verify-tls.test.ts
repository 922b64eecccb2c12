import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openGate } from "../../contracts/verify/run/gate.ts";
import {
  closing,
  envOf,
  openMock,
  startVerify,
  temporary,
  verdict,
} from "../../contracts/verify/verifying.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)("over TLS, at another port and with other credentials: the same", async () => {
  const mock = await openMock({
    credentials: { accessKeyId: "AKIAOTHER", secretAccessKey: "other/secret", sessionToken: "other+token==" },
    apiKeys: ["other-key-1", "other-key-2"],
  });
  const before = await mock.ids();
  const [key, cert] = [temporary("key.pem"), temporary("cert.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  execFileSync("openssl", [...made, ...named, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  const gate = closing(await openGate(mock.url, { tls }));

  const trusting = await startVerify(["--target", gate.url], {
    ...envOf(mock),
    NODE_EXTRA_CA_CERTS: cert,
  }).ended;
  expect(verdict(trusting)).toBe(`conforms: ${gate.url} keeps Biometric API 1.0`);
  expect(trusting.code).toBe(0);
  expect(trusting.stdout).toMatch(/^\d+ checks passed, 0 failed, /m);
  expect(await mock.ids()).toEqual(before);

  const wary = await startVerify(["--target", gate.url], envOf(mock)).ended;
  expect(wary.code).toBe(2);
  expect(verdict(wary)).toMatch(/^could not run \(network\): .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
});

import { describe, expect, test } from "vitest";
import { isLoopbackHost } from "../../contracts/trust/loopback.ts";
import { verify } from "../contracts/verify/verifying.ts";

const env = { NECID_ACCESS_KEY_ID: "AKIA", NECID_SECRET_ACCESS_KEY: "secret", NECID_API_KEY: "key" };

describe("a host that is not this machine is live, however it is written", () => {
  test.each([
    "https://api.id.nec.com.au/v1",
    "https://api.id.nec.com.au./v1",
    "https://api.id.nec.com.au:8443/v1",
    "https://API.ID.NEC.COM.AU/v1",
    "HTTPS://api.id.nec.com.au/v1",
    "https://abc123.execute-api.ap-southeast-2.amazonaws.com/prod",
    "https://127.0.0.1.nip.io/v1",
    "https://localhost.example.com/v1",
    "https://127.0.0.1.example.com/v1",
    "https://10.0.0.1/v1",
    "https://192.168.1.1/v1",
    "https://[::ffff:8.8.8.8]/v1",
    "https://0.0.0.0/v1",
    "https://128.0.0.1/v1",
    "https://0/v1",
    "https://[::]/v1",
    "https://[::ffff:127.0.0.1]/v1",
    "https://localhost\u3002example.com/v1",
    "https://例え.テスト/v1",
  ])("%s is not called without consent", async (target) => {
    const { code, stdout, stderr } = await verify(target, env, { part: ["probe"] });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^\d+ calls to \S+ need a limit: --max-calls \d+, or --yes\. See them first with --plan\.\n$/,
    );
  });
});

describe("keys and faces do not leave this machine unencrypted", () => {
  test.each([
    "http://api.id.nec.com.au/v1",
    "http://api.id.nec.com.au:443/v1",
    "HTTP://api.id.nec.com.au/v1",
    "http://10.0.0.1/v1",
    "http://mock:4010/v1",
    "http://host.docker.internal:4010/v1",
    "http://127.0.0.1.example.com/v1",
    "http://localhost.:4010.example/v1",
    "http://2130706434.example/v1",
    "http://[fe80::1]/v1",
    "http://[::ffff:10.0.0.1]/v1",
  ])("%s", async (target) => {
    const { code, stderr } = await verify(target, env, { part: ["probe"], maxCalls: 5 });
    expect(code).toBe(2);
    expect(stderr).toMatch(/unencrypted|must be mock, live or a base URL/);
  });
});

test.each<[hostname: string, local: boolean]>([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["[::1]", true],
  ["127.0.0.1.", false],
  ["localhost.", false],
  ["127.0.0", false],
  ["127.example", false],
  ["[::2]", false],
  ["1127.0.0.1", false],
  ["", false],
])("%j is this machine: %s", (hostname, local) => {
  expect(isLoopbackHost(hostname)).toBe(local);
});

import { expect, test } from "vitest";
import { isLoopbackAddress, isLoopbackHost } from "../../../contracts/trust/loopback.ts";

test.each<[hostname: string, local: boolean]>([
  ["localhost", true],
  ["api.localhost", true],
  ["a.b.localhost", true],
  ["127.0.0.1", true],
  ["127.255.255.255", true],
  ["[::1]", true],
  ["", false],
  [".localhost", false],
  ["a..localhost", false],
  ["localhost.", false],
  ["localhost.example.com", false],
  ["notlocalhost", false],
  ["127.0.0", false],
  ["127.0.0.1.", false],
  ["127.0.0.256", false],
  ["127.0.0.01", false],
  ["127.0.0.1.nip.io", false],
  ["128.0.0.1", false],
  ["0.0.0.0", false],
  ["::1", false],
  ["[::2]", false],
  [`${"a.".repeat(100_000)}localhost`, false],
])("the host %.40s is this machine: %s", (hostname, local) => {
  expect(isLoopbackHost(hostname)).toBe(local);
});

test.each<[address: string | undefined, local: boolean]>([
  ["::1", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:10.0.0.1", false],
  ["10.0.0.127", false],
  ["fe80::1", false],
  ["", false],
  [undefined, false],
])("the address %s is this machine: %s", (address, local) => {
  expect(isLoopbackAddress(address)).toBe(local);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { type Mock, startMock } from "../../mocks/mock.ts";
import { exchangeRaw } from "../raw-http.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

/** A control call as a browser makes it; PORT stands for the mock's own. */
async function call(headers: string[], method = "GET") {
  const lines = headers.map((line) => line.replaceAll("PORT", String(mock.port)));
  const own = lines.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${mock.port}`];
  const head = [`${method} /__necid/clock HTTP/1.1`, ...own, ...lines].join("\r\n");
  const { status, body } = await exchangeRaw(mock.port, `${head}\r\n\r\n`);
  return { status, code: JSON.parse(body).code };
}

const refused = { status: 403, code: "CONTROL_FORBIDDEN" };
const taken = { status: 200, code: undefined };

test.each([
  "null",
  "",
  "http://localhost",
  "http://localhost:3000",
  "http://localhost:PORT/",
  "http://localhost:0PORT",
  "https://localhost:PORT",
  "http://LOCALHOST:PORT",
  "http://localhost.:PORT",
  "http://evil.localhost:PORT",
  "http://127.0.0.1:80",
  "http://127.0.0.2:PORT",
  "http://127.1:PORT",
  "http://127.999.999.999:PORT",
  "http://2130706433:PORT",
  "http://0x7f.0.0.1:PORT",
  "http://0.0.0.0:PORT",
  "http://[::ffff:127.0.0.1]:PORT",
  "http://[0:0:0:0:0:0:0:1]:PORT",
  "http://127.0.0.1:PORT.evil.example",
  "http://127.0.0.1:PORT@evil.example",
  "http://user@127.0.0.1:PORT",
  "http://evil.example:PORT",
  "http://localhost:PORT, http://evil.example",
  "file://",
  "chrome-extension://abcdef",
])("a page of the origin %s may not control the mock", async (origin) => {
  expect(await call([`Origin: ${origin}`])).toEqual(refused);
  expect(await call([`Origin: ${origin}`, "Sec-Fetch-Site: same-origin"], "DELETE")).toEqual(refused);
});

test.each(["http://localhost:PORT", "http://127.0.0.1:PORT", "http://[::1]:PORT"])(
  "a page of the mock's own origin %s may",
  async (origin) => {
    expect(await call([`Origin: ${origin}`])).toEqual(taken);
    expect(await call([`Origin: ${origin}`, "Sec-Fetch-Site: same-origin"])).toEqual(taken);
  },
);

test.each(["cross-site", "same-site", "CROSS-SITE", "cross-site, none", "", "unknown"])(
  "a call that its browser calls %s is refused, without an origin too",
  async (site) => {
    expect(await call([`Sec-Fetch-Site: ${site}`])).toEqual(refused);
    expect(await call([`Sec-Fetch-Site: ${site}`, "Sec-Fetch-Mode: no-cors"], "DELETE")).toEqual(refused);
  },
);

test.each(["none", "same-origin"])("a call that its browser calls %s is taken", async (site) => {
  expect(await call([`Sec-Fetch-Site: ${site}`])).toEqual(taken);
});

test.each([
  "evil.example",
  "evil.example:PORT",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.999.999.999",
  "127.0.0.256:PORT",
  "127.0.0.01",
  "127.1",
  "0.0.0.0:PORT",
  "[::]:PORT",
  ".localhost",
  "a..localhost",
  "localhost:99999",
  "localhost:PORT:80",
  "user@localhost",
])("a call to the host %s is refused", async (host) => {
  expect(await call([`Host: ${host}`])).toEqual(refused);
});

test.each<[name: string, head: string, status: number]>([
  ["two hosts", "GET /__necid/clock HTTP/1.1\nHost: 127.0.0.1\nHost: evil.example", 400],
  ["two hosts, the own one last", "GET /__necid/clock HTTP/1.1\nHost: evil.example\nHost: 127.0.0.1", 400],
  ["an empty host", "GET /__necid/clock HTTP/1.1\nHost:", 403],
  [
    "a whole URL and a host of others",
    "GET http://127.0.0.1:PORT/__necid/clock HTTP/1.1\nHost: evil.example",
    403,
  ],
  ["the first HTTP and an origin", "GET /__necid/clock HTTP/1.0\nOrigin: http://evil.example", 403],
  [
    "two origins",
    "GET /__necid/clock HTTP/1.1\nHost: 127.0.0.1\nOrigin: http://127.0.0.1:PORT\nOrigin: http://evil.example",
    403,
  ],
  [
    "two sites",
    "GET /__necid/clock HTTP/1.1\nHost: 127.0.0.1\nSec-Fetch-Site: none\nSec-Fetch-Site: cross-site",
    403,
  ],
  ["a name with a blank", "GET /__necid/clock HTTP/1.1\nHost: 127.0.0.1\nOrigin : http://evil.example", 400],
  ["a folded line", "GET /__necid/clock HTTP/1.1\nHost: 127.0.0.1\nX: a\n Origin: http://evil.example", 400],
  [
    "the host of a proxy",
    "GET /__necid/clock HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: 127.0.0.1\nForwarded: host=127.0.0.1",
    403,
  ],
  ["dots in the path", "GET /v1/../__necid/clock HTTP/1.1\nHost: evil.example", 403],
  ["a path in percent signs", "GET /%5f%5fnecid/clock HTTP/1.1\nHost: evil.example", 403],
  ["two slashes", "GET //__necid/clock HTTP/1.1\nHost: evil.example", 403],
  [
    "a preflight",
    "OPTIONS /__necid/clock HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: http://evil.example\nAccess-Control-Request-Method: DELETE",
    403,
  ],
])("a request with %s does not control the mock", async (_, head, status) => {
  const text = `${head.replaceAll("PORT", String(mock.port)).replaceAll("\n", "\r\n")}\r\nConnection: close\r\n\r\n`;
  const response = await exchangeRaw(mock.port, text);
  expect(response.status).toBe(status);
  expect(response.body).not.toContain('"stopped"');
});

test.each(["localhost:PORT", "127.0.0.1", "127.8.9.1:PORT", "[::1]:PORT", "mock.localhost:PORT"])(
  "a call to the host %s is taken",
  async (host) => {
    expect(await call([`Host: ${host}`])).toEqual(taken);
  },
);

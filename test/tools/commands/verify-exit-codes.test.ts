import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import type { FaultRule } from "../../../mocks/faults/schemas.ts";
import { openGate, type Responder, reply } from "../../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, temporary, verdict, verify } from "../../contracts/verify/verifying.ts";

describe("a target that nothing can be said about", () => {
  test("refuses connections", async () => {
    const gate = await openGate("http://127.0.0.1:1/v1");
    await gate.close();
    const verified = await verify(gate.url);
    expect(verified.code).toBe(2);
    expect(verified.stdout.trim().split("\n")).toHaveLength(1);
    expect(verdict(verified)).toBe(
      "could not run (network): GET /health: no response came (ECONNREFUSED). Check the address and the network.",
    );
  });

  test.each([200, 503])("answers HTML with %i", async (status) => {
    const respond = async () => reply(status, "<p>Hello</p>", { "content-type": "text/html" });
    const gate = closing(await openGate("http://127.0.0.1:1/v1", { respond }));
    const verified = await verify(gate.url);
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toBe(
      `could not run (outage): GET /health answered ${status} with media type text/html, and a signed call likewise: this is not the service, or it is out of order. Check the base URL.`,
    );
    expect(gate.arrivals).toHaveLength(2);
  });

  test("is out of order from the middle of the run on", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    let isDown = true;
    const respond: Responder = ({ number }, forward) =>
      number > 100 && isDown
        ? Promise.resolve(reply(503, "<p>", { "content-type": "text/html" }))
        : forward();
    const gate = closing(await openGate(mock.url, { respond }));
    const verified = await verify(gate.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(/^could not run \(outage\): The last 10 signed calls, /);
    isDown = false;
    expect((await verify(gate.url, envOf(mock), { clean: true })).code).toBe(0);
    expect(await mock.ids()).toEqual(before);
  });

  test("answers every invalid request with 500, which is no outage", async () => {
    const mock = await openMock();
    const gate = closing(
      await openGate(mock.url, {
        async respond(_, forward) {
          const response = await forward();
          return response.status >= 400 ? { ...response, status: 500 } : response;
        },
      }),
    );
    const verified = await verify(gate.url, envOf(mock), { part: ["schema", "sequence"] });
    expect(verified.code).toBe(1);
    expect(verdict(verified)).toMatch(/^does not conform: .*: \d+ mismatches, /);
  });

  test("is compared with the mock, and the report of its checks is written beside", async () => {
    const mock = await openMock();
    const folder = temporary("report");
    const options = { part: ["probe" as const], compare: "mock" as const, report: folder };
    const verified = await verify(mock.url, envOf(mock), options);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 differences between /) });
    const report = JSON.parse(readFileSync(`${folder}/report.json`, "utf8"));
    expect(report).toMatchObject({ verdict: "conforms", mismatches: [] });
  });

  test("stops in the middle, and what was found is still listed", async () => {
    const mock = await openMock();
    const respond: Responder = async ({ number, path }, forward) => {
      if (number > 40) return reply(503, "<p>", { "content-type": "text/html" });
      const response = await forward();
      return path === "/v1/subjects" ? { ...response, headers: [["content-type", "text/plain"]] } : response;
    };
    const gate = closing(await openGate(mock.url, { respond }));
    const verified = await verify(gate.url, envOf(mock), { part: ["schema"] });
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(/^could not run \(outage\): /);
    expect(verified.stdout).toMatch(/^ApiSubjectsPost {2}header content-type /m);
    expect(verified.stdout).toMatch(/^not checked, because the run ended before it\n {12}\d+ checks$/m);
    expect(verified.stdout).toMatch(/^ {2}again {5}npm run -s call -- ApiSubjectsPost /m);
  });

  test.each([10, -10])("has a clock that is %i minutes off", async (minutes) => {
    const mock = await openMock();
    mock.clock.advance(minutes * 60_000);
    const verified = await verify(mock.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(
      /^could not run \(clock\): The server's clock is (599|600|601) s (ahead of|behind) this machine's; signatures hold for 5 minutes\. Set the clock that is wrong\.$/,
    );
    expect(verdict(verified)).toContain(minutes > 0 ? "ahead of" : "behind");
  });

  test("has a clock that is ten minutes off and tells no date", async () => {
    const mock = await openMock();
    mock.clock.advance(600_000);
    const gate = closing(
      await openGate(mock.url, {
        respond: async (_, forward) => {
          const response = await forward();
          return {
            ...response,
            headers: [...response.headers.filter(([name]) => name !== "date"), ["date", ""]],
          };
        },
      }),
    );
    const verified = await verify(gate.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(
      /^could not run \(clock\): The target finds the date of our signature wrong \(/,
    );
  });

  test.each(["before headers", "in body"] as const)("resets connections %s", async (reset) => {
    const mock = await openMock();
    const before = await mock.ids();
    mock.faults.add({ operation: "ApiSubjectsPost", when: { every: 3 }, fault: { reset } });
    const verified = await verify(mock.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toBe(
      "could not run (network): POST /subjects: no response came (ECONNRESET). Check the address and the network.",
    );
    expect(await mock.ids()).toEqual(before);
  });

  test("is slower than --timeout, and registers all the same", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    mock.faults.add({ operation: "ApiSubjectsPost", fault: { latency: { ms: 60_000 } } });
    const verified = await verify(mock.url, envOf(mock), { timeout: 3 });
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toBe(
      "could not run (network): POST /subjects: no response came (TIMEOUT). Check the address and the network.",
    );
    expect(await mock.ids()).toEqual(before);
  });

  test("drips: no byte is late, and the whole never comes", async () => {
    const mock = await openMock();
    mock.faults.add({ fault: { drip: { bytesPerSecond: 4 } } });
    const verified = await verify(mock.url, envOf(mock), { timeout: 0.3 });
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toContain("could not run (network): GET /health: no response came (TIMEOUT)");
  });

  test("sends without end", async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(1 << 20)));
        response.once("drain", more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing({ close: async () => server.closeAllConnections() });
    closing({ close: async () => server.close() });
    const { port } = server.address() as { port: number };
    const verified = await verify(`http://127.0.0.1:${port}/v1`);
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toContain("could not run (network): GET /health: no response came (TOO_LARGE)");
  });

  const credentials: [string, Record<string, string>, RegExp][] = [
    ["secret", { NECID_SECRET_ACCESS_KEY: "other" }, /InvalidSignatureException/],
    ["access key", { NECID_ACCESS_KEY_ID: "AKIAOTHER" }, /UnrecognizedClientException|InvalidSignature/],
    ["session token", { NECID_SESSION_TOKEN: "other" }, /Exception/],
    ["API key", { NECID_API_KEY: "other" }, /ForbiddenException/],
    ["second API key", { NECID_API_KEY_2: "other" }, /second application \(ForbiddenException\)/],
  ];
  test.each(credentials)("refuses the %s", async (_, wrong, words) => {
    const mock = await openMock();
    const verified = await verify(mock.url, { ...envOf(mock), ...wrong });
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(/^could not run \(credentials\): The target refuses the /);
    expect(verdict(verified)).toMatch(words);
  });
});

describe("a target that limits calls", () => {
  const throttled: [string, FaultRule][] = [
    ["throttles every third call", { when: { every: 3 }, fault: { status: 429 } }],
    ["admits 100 calls a second", { fault: { throttle: { rate: 100, burst: 5 } } }],
  ];
  test.each(throttled)("%s: that is waited out", async (_, rule) => {
    const mock = await openMock();
    const before = await mock.ids();
    mock.faults.add(rule);
    const verified = await verify(mock.url, envOf(mock));
    expect(verdict(verified)).toMatch(/^conforms: /);
    expect(verified.code).toBe(0);
    expect(await mock.ids()).toEqual(before);
  });

  test("throttles longer than anybody would wait", async () => {
    const mock = await openMock();
    const gate = closing(
      await openGate(mock.url, {
        respond: async ({ number }, forward) =>
          number < 10 ? forward() : reply(429, '{"message":"Too Many Requests"}', { "retry-after": "3600" }),
      }),
    );
    const verified = await verify(gate.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(/^could not run \(quota\): \S+ \S+ the target throttles/);
  });

  test("has its quota used up in the middle: what is left is told, and undone later", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    const { id } = mock.faults.add({ fault: { quota: { limit: 100 } } });
    const verified = await verify(mock.url, envOf(mock));
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toMatch(
      /^could not run \(quota\): .* the quota of the application is used up\./,
    );
    mock.faults.remove(id);
    expect((await verify(mock.url, envOf(mock), { clean: true })).code).toBe(0);
    expect(await mock.ids()).toEqual(before);
  });
});

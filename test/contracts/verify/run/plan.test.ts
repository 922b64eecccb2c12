import { expect, test } from "vitest";
import { sign } from "../../../../contracts/signing.ts";
import type { Mock } from "../../../../mocks/mock.ts";
import type { VerifyCommand } from "../../../../tools/commands/verify-command.ts";
import { closing, envOf, openMock, verdict, verify } from "../verifying.ts";
import { type Arrival, openGate } from "./gate.ts";

test("a plan lists the calls that a run makes, and makes none itself", async () => {
  const mock = await openMock();
  const gate = closing(await openGate(mock.url));
  const planned = await verify(gate.url, envOf(mock), { plan: true });
  expect(planned.code).toBe(0);
  expect(gate.arrivals).toEqual([]);

  const lines = planned.stdout.trimEnd().split("\n");
  const last = lines.pop();
  expect((await verify(gate.url, envOf(mock))).code).toBe(0);
  expect(last).toBe(`${gate.arrivals.length} calls would be made. None was.`);
  expect(lines.map(essence)).toEqual(gate.arrivals.map((arrival) => arrived(arrival, mock)));
});

const partial: [string, Record<string, undefined>, Partial<VerifyCommand>][] = [
  ["one part", {}, { part: ["sequence"] }],
  ["one application", { NECID_API_KEY_2: undefined }, {}],
];
test.each(partial)("a plan with %s lists the calls that a run makes, too", async (_, without, options) => {
  const mock = await openMock();
  const gate = closing(await openGate(mock.url));
  const env = { ...envOf(mock), ...without };
  const planned = await verify(gate.url, env, { plan: true, ...options });
  await verify(gate.url, env, options);
  const lines = planned.stdout.trimEnd().split("\n").slice(0, -1);
  expect(lines.map(essence)).toEqual(gate.arrivals.map((arrival) => arrived(arrival, mock)));
});

test.each([1, 2, 3, 5, 7, 10, 20, 50, 100, 200])(
  "--max-calls %i makes no more calls and leaves no subject",
  async (maxCalls) => {
    const mock = await openMock();
    const before = await mock.ids();
    const gate = closing(await openGate(mock.url));
    const verified = await verify(gate.url, envOf(mock), { maxCalls });
    expect(verified.code).toBe(2);
    expect(verdict(verified)).toBe(
      `could not run (budget): The limit of ${maxCalls} calls is reached. Raise --max-calls, or verify less.`,
    );
    expect(gate.arrivals.length).toBeLessThanOrEqual(maxCalls);
    expect(verified.stdout).not.toContain("left registered");
    expect(await mock.ids()).toEqual(before);
  },
);

test("the number of calls in the plan is exactly the limit that a run needs", async () => {
  const mock = await openMock();
  const { stdout } = await verify(mock.url, envOf(mock), { plan: true });
  const maxCalls = Number(/(\d+) calls would/.exec(stdout)![1]);
  // Room is kept for what may go wrong with the last registration.
  expect((await verify(mock.url, envOf(mock), { maxCalls: maxCalls + 2 })).code).toBe(0);
  expect((await verify(mock.url, envOf(mock), { maxCalls: maxCalls - 1 })).code).toBe(2);
});

/** A line of the plan as it must be sent. */
function essence(line: string): string {
  const [call, , , notes = ""] = line.split("  ");
  const signing = /signed: ([^,)]*)/.exec(notes)?.[1] ?? "good";
  const keyless = ["none", "no api key", "unknown api key"].includes(signing);
  return `${call} ${signing} ${keyless ? "-" : notes.includes("application 2") ? 2 : 1}`;
}

function arrived(arrival: Arrival, mock: Mock): string {
  const path = arrival.path.replaceAll(/necidguid-[0-9a-f-]+/g, "{id}");
  const application = mock.apiKeys.indexOf(header(arrival, "x-api-key") ?? "");
  return `${arrival.method} ${path} ${signingOf(arrival, mock)} ${application < 0 ? "-" : application + 1}`;
}

/** How a request is signed, in the words of a plan. */
function signingOf(arrival: Arrival, { credentials, apiKeys }: Mock): string {
  const [, accessKey, region, service] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(header(arrival, "authorization") ?? "") ?? [];
  if (accessKey === undefined) return "none";
  const apiKey = header(arrival, "x-api-key");
  if (apiKey === undefined) return "no api key";
  if (!apiKeys.includes(apiKey)) return "unknown api key";
  if (accessKey !== credentials.accessKeyId) return "unknown access key";
  const elsewhere = [region !== "ap-southeast-2" && "region", service !== "execute-api" && "service"];
  if (elsewhere.some(Boolean)) return `wrong ${elsewhere.filter(Boolean).join(" and ")}`;
  const now = Date.parse(header(arrival, "x-amz-date")!.replace(/(.{4})(..)(..T..)(..)/, "$1-$2-$3:$4:"));
  if (Math.abs(now - Date.now()) > 1_800_000) return now < Date.now() ? "expired" : "future";
  const signs = (body: Buffer) => {
    const headers = new Headers(arrival.headers.filter(([name]) => name.toLowerCase() !== "authorization"));
    const request = {
      method: arrival.method,
      url: `http://${header(arrival, "host")}${arrival.path}`,
      headers,
      body,
    };
    return sign(request, { ...credentials, now }).authorization === header(arrival, "authorization");
  };
  if (signs(arrival.body)) return "good";
  return signs(arrival.body.subarray(0, -1)) ? "tampered body" : "wrong secret";
}

function header({ headers }: Arrival, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

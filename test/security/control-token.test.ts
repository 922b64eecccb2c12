import { describe, expect, test } from "vitest";
import { type MockOptions, startMock } from "../../mocks/mock.ts";
import { verb } from "../tools/commands/terminal.ts";

const empty =
  "The control token is empty. Give one (--control-token TOKEN or NECID_CONTROL_TOKEN), or leave it out and unset: then only this machine may call the control API.";
const unsendable =
  "The control token has characters that no header can carry. Use printable ASCII without a blank at either end.";
const noHost = "The host is empty. Give an address, such as 127.0.0.1, or 0.0.0.0 to listen on every one.";

describe("startMock refuses", () => {
  const tokens: [unknown, string][] = [
    ["", empty],
    [" ", empty],
    ["\t\n", empty],
    [null, empty],
    [false, empty],
    [0, empty],
    [["token"], empty],
    [{}, empty],
    ["to\nken", unsendable],
    ["to\0ken", unsendable],
    ["tokén", unsendable],
    [" token", unsendable],
    ["token ", unsendable],
  ];
  test.each(tokens)("the control token %j", async (controlToken, message) => {
    const start = startMock({ controlToken } as MockOptions);
    await expect(start).rejects.toMatchObject({ code: "MOCK_OPTION", option: "controlToken", message });
  });

  test.each(["", " ", "\t", null, 0, false, ["127.0.0.1"]])("the host %j", async (host) => {
    const start = startMock({ host } as MockOptions);
    await expect(start).rejects.toMatchObject({ code: "MOCK_OPTION", option: "host", message: noHost });
  });
});

describe("necid mock refuses", () => {
  const lines: [args: string[], env: Record<string, string>, message: string][] = [
    [["--control-token", ""], {}, empty],
    [["--control-token="], {}, empty],
    [["--control-token", " "], { NECID_CONTROL_TOKEN: "a-token" }, empty],
    [[], { NECID_CONTROL_TOKEN: "" }, empty],
    [["--host", "127.0.0.1"], { NECID_CONTROL_TOKEN: " " }, empty],
    [["--host", ""], {}, noHost],
    [["--host="], { NECID_CONTROL_TOKEN: "a-token" }, noHost],
  ];
  test.each(lines)("%j with %j", async (args, env, message) => {
    const result = await verb(["mock", "--port", "0", ...args], env);
    expect(result).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });
});

describe("a mock with a control token", () => {
  const calls: [headers: Record<string, string>, status: number][] = [
    [{}, 401],
    [{ authorization: "" }, 401],
    [{ authorization: "Bearer" }, 401],
    [{ authorization: "Bearer undefined" }, 401],
    [{ authorization: "Bearer  " }, 401],
    [{ authorization: "Bearer the" }, 401],
    [{ authorization: "Bearer the token2" }, 401],
    [{ authorization: "Basic the token" }, 401],
    [{ "x-necid-control-token": "" }, 401],
    [{ "x-necid-control-token": "THE TOKEN" }, 401],
    [{ "x-necid-control-token": "the token" }, 200],
    [{ authorization: "Bearer the token" }, 200],
  ];
  test("takes it, and nothing else", async () => {
    await using mock = await startMock({ controlToken: "the token" });
    const seen = [];
    for (const [headers] of calls) {
      const response = await mock.fetch(new URL("/__necid/clock", mock.url), { headers });
      seen.push([headers, response.status]);
      expect(await response.text()).not.toContain("the token");
    }
    expect(seen).toEqual(calls);
  });
});

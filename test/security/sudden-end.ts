import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";
import { createRandom } from "../../mocks/random/random.ts";
import { openGate } from "../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, startVerify, temporary } from "../contracts/verify/verifying.ts";

const kinds = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL", "EPIPE", "full disk"] as const;

/** How a run ends, by its number: every kind comes in turn, at a moment by chance. */
export function endOf(number: number) {
  const random = createRandom(`end ${number}`);
  return {
    number,
    kind: kinds[number % kinds.length]!,
    call: 1 + Math.floor(random() * 90),
    /** Before the service has responded to the call, or after. */
    isBefore: random() < 0.5,
    kilobytes: 1 + Math.floor(random() * 4),
  };
}

/**
 * Ends a run of `verify` and cleans up. It must end with 0, 1 or 2, or by SIGKILL; then nothing that it registered is
 * left, and nothing that was there before is gone.
 */
export async function expectCleanEnd({ kind, call, isBefore, kilobytes }: ReturnType<typeof endOf>) {
  const mock = await openMock();
  const before = await mock.ids();
  let end = () => {};
  const gate = closing(
    await openGate(mock.url, {
      async respond({ number }, forward) {
        if (number === call && isBefore) end();
        const response = await forward();
        if (number === call && !isBefore) end();
        return response;
      },
    }),
  );
  const given = [
    "--target",
    gate.url,
    "--part",
    "sequence",
    "--part",
    "schema",
    "--ledger",
    temporary("ledger.jsonl"),
  ];
  const limit = kind === "full disk" ? `ulimit -f ${kilobytes}; ` : "";
  const child = spawn(
    "bash",
    ["-c", `${limit}exec "$0" tools/commands/necid.ts verify "$@"`, process.execPath, ...given],
    {
      env: { PATH: process.env.PATH, CI: "true", NODE_DISABLE_COMPILE_CACHE: "1", ...envOf(mock) },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  closing({ close: async () => void child.kill("SIGKILL") });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void (said += text));
  end = () => {
    if (kind === "EPIPE") child.stdout.destroy();
    else if (kind !== "full disk") child.kill(kind);
  };
  const [code, signal] = await once(child, "close");
  if (signal !== null) expect([kind, signal]).toEqual(["SIGKILL", "SIGKILL"]);
  else expect([0, 1, 2]).toContain(code);
  expect(said).not.toMatch(/\n {4}at /);

  const cleaned = await startVerify(["--target", gate.url, "--clean"], envOf(mock)).ended;
  expect([cleaned.code, cleaned.stderr]).toEqual([0, ""]);
  expect(await mock.ids()).toEqual(before);
}

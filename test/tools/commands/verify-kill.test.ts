import { expect, test } from "vitest";
import { createRandom } from "../../../mocks/random/random.ts";
import { openGate } from "../../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, startVerify, verdict, verify } from "../../contracts/verify/verifying.ts";

/** `KILLS=20 npx vitest run test/tools/commands/verify-kill.test.ts` tries more moments. */
const kills = Number(process.env.KILLS ?? 5);
const moments = Array.from({ length: kills }, (_, seed) => {
  const random = createRandom(`kill ${seed}`);
  return {
    place: Math.ceil(random() * 300),
    moment: random() < 0.5 ? ("before" as const) : ("after" as const),
    of: random() < 0.7 ? ("registration" as const) : ("call" as const),
  };
});

test.each(moments)("SIGKILL $moment $of $place was answered: the next run undoes it", async (kill) => {
  const mock = await openMock();
  const before = await mock.ids();
  let counted = 0;
  let reached: (value: unknown) => void;
  const done = new Promise((resolve) => {
    reached = resolve;
  });
  const gate = closing(
    await openGate(mock.url, {
      async respond({ method, path }, forward) {
        if (kill.of === "call" || (method === "POST" && path === "/v1/subjects")) counted += 1;
        // A run makes fewer registrations than calls.
        const isMoment = counted === (kill.of === "call" ? kill.place : Math.ceil(kill.place / 6));
        if (!isMoment) return forward();
        counted = Number.POSITIVE_INFINITY;
        if (kill.moment === "before") started.child.kill("SIGKILL");
        const response = await forward();
        started.child.kill("SIGKILL");
        reached(undefined);
        return response;
      },
    }),
  );
  const started = startVerify(["--target", gate.url], envOf(mock));
  await done;
  expect((await started.ended).signal).toBe("SIGKILL");

  const cleaned = await startVerify(["--target", gate.url, "--clean"], envOf(mock)).ended;
  expect(cleaned.stderr).toBe("");
  expect(cleaned.stdout).toMatch(
    /^(No run left anything registered at \S+ No call was made\.|\d registrations? of earlier runs undone at \S+, in \d+ calls\.)\n$/,
  );
  expect(cleaned.code).toBe(0);
  expect(await mock.ids()).toEqual(before);
});

test("Ctrl-C: the run tidies up and says so, and a second one ends it at once", async () => {
  const mock = await openMock();
  const before = await mock.ids();
  const never = new Promise<never>(() => {});
  let holds = () => {};
  const holding = new Promise<void>((resolve) => {
    holds = resolve;
  });
  let isInterrupted = false;
  let isHeld = false;
  const gate = closing(
    await openGate(mock.url, {
      async respond({ method, path, number }, forward) {
        const response = await forward();
        if (!isInterrupted && number > 20 && method === "POST" && path === "/v1/subjects") {
          isInterrupted = true;
          current.kill("SIGINT");
          return never;
        }
        if (!isInterrupted || !isHeld || method !== "DELETE") return response;
        holds();
        return never;
      },
    }),
  );
  const first = startVerify(["--target", gate.url], envOf(mock));
  let current = first.child;
  const interrupted = await first.ended;
  expect(verdict(interrupted)).toBe("could not run (interrupted): The run was interrupted.");
  expect(interrupted.code).toBe(2);
  expect(await mock.ids()).toEqual(before);

  [isInterrupted, isHeld] = [false, true];
  const second = startVerify(["--target", gate.url], envOf(mock));
  current = second.child;
  await holding;
  current.kill("SIGINT");
  expect((await second.ended).signal).toBe("SIGINT");
  isHeld = false;
  expect((await verify(gate.url, envOf(mock), { clean: true })).code).toBe(0);
  expect(await mock.ids()).toEqual(before);
});

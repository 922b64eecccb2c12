import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { mockApiKeys, mockCredentials, startMock } from "../../../mocks/mock.ts";
import { checkNode, runDoctor } from "../../../tools/commands/project/doctor.ts";
import { templates } from "../../../tools/commands/project/templates.ts";
import { recordedTerminal } from "./recorded-terminal.ts";
import { temporary, verb } from "./terminal.ts";

const node = process.execPath;

describe("a command behind --", () => {
  test.each([
    [
      "has the mock's environment",
      ["-e", "fetch(process.env.NECID_BASE_URL + '/health').then((r) => console.log(r.status))"],
      0,
      "200\n",
    ],
    ["gives the exit code", ["-e", "process.exitCode = 7"], 7, ""],
    [
      "may have options of its own",
      ["-e", "console.log(process.argv.slice(1).join())", "--", "--port", "-h"],
      0,
      "--port,-h\n",
    ],
  ])("%s", async (_, args, code, stdout) => {
    expect(await verb(["mock", "--", node, ...args])).toEqual({ code, stdout, stderr: "" });
  });

  test("that does not exist is named", async () => {
    const stderr = "necid-nowhere cannot be run (ENOENT).\n";
    expect(await verb(["mock", "--", "necid-nowhere"])).toEqual({ code: 127, stdout: "", stderr });
  });

  test("ends with the mock", async () => {
    const script =
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up')";
    const child = spawn(node, ["tools/commands/necid.ts", "mock", "--", node, "-e", script]);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([5, null]);
  });
});

describe("doctor", () => {
  const right = {
    NECID_ACCESS_KEY_ID: mockCredentials.accessKeyId,
    NECID_SECRET_ACCESS_KEY: mockCredentials.secretAccessKey,
    NECID_API_KEY: mockApiKeys[0]!,
  };
  const signed = (text: string) => `wrong  the signed call is answered 403 ${text}`;

  test.each<[title: string, env: Record<string, string>, code: number, line: string]>([
    ["finds nothing wrong", {}, 0, "ok     the signature and the API key are accepted"],
    [
      "names a wrong secret",
      { NECID_SECRET_ACCESS_KEY: "x".repeat(40) },
      1,
      signed("InvalidSignatureException: NECID_SECRET_ACCESS_KEY is wrong, or a proxy changes requests"),
    ],
    [
      "names an unknown access key",
      { NECID_ACCESS_KEY_ID: "A".repeat(20) },
      1,
      signed(
        "UnrecognizedClientException: NECID_ACCESS_KEY_ID is unknown, or NECID_SESSION_TOKEN is not its own",
      ),
    ],
    [
      "names an unknown API key",
      { NECID_API_KEY: "k".repeat(40) },
      1,
      signed("ForbiddenException: NECID_API_KEY is unknown: it names the application, ask NEC for it"),
    ],
    [
      "names a secret that is cut off, without its value",
      { NECID_SECRET_ACCESS_KEY: "SECRETx" },
      1,
      "wrong  NECID_SECRET_ACCESS_KEY has 7 characters and should be 40 letters, digits, /, + and =: copy it again",
    ],
    [
      "says what is not set",
      { NECID_API_KEY: "" },
      0,
      "note   NECID_API_KEY is not set; set it to call a service",
    ],
    [
      "finds a URL that is none",
      { NECID_BASE_URL: "api.id.nec.com.au" },
      1,
      "wrong  the base URL must be like https://api.id.nec.com.au/v1",
    ],
  ])("%s", async (_, changed, code, line) => {
    const mock = await startMock();
    onTestFinished(() => mock.close());
    const { exitCode, lines } = await doctor({ ...right, NECID_BASE_URL: mock.url, ...changed });
    expect(lines).toContain(line);
    expect(exitCode).toBe(code);
    expect(lines.join("\n")).not.toMatch(/wJalr|SECRETx|application-key/);
  });

  test("finds a Node that is too old", () => {
    const findings = ["20.19.0", "22.11.9", "22.12.0", "26.0.0"].map((version) => checkNode(version));
    expect(findings).toEqual([
      { kind: "wrong", text: "Node 20.19.0 is too old: install 22.12 or newer" },
      { kind: "wrong", text: "Node 22.11.9 is too old: install 22.12 or newer" },
      { kind: "ok", text: "Node 22.12.0" },
      { kind: "ok", text: "Node 26.0.0" },
    ]);
  });

  test("finds nobody at a port", async () => {
    const gone = await startMock();
    await gone.close();
    const { lines } = await doctor({ NECID_BASE_URL: gone.url });
    const text = `127.0.0.1:${gone.port} cannot be reached (ECONNREFUSED): check the URL, the network and the proxy`;
    expect(lines).toContain(`wrong  ${text}`);
  });

  test("finds a base URL without the version", async () => {
    const mock = await startMock();
    onTestFinished(() => mock.close());
    const { lines } = await doctor({ ...right, NECID_BASE_URL: mock.url.replace("/v1", "") });
    expect(lines.join("\n")).toContain(
      "answers 403 instead of 200: check that the base URL ends in the version, /v1",
    );
  });

  test("finds a clock that is wrong", async () => {
    const server = createServer((_, response) => {
      response.setHeader("date", new Date(Date.now() + 600_000).toUTCString()).end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { lines } = await doctor({ NECID_BASE_URL: `http://127.0.0.1:${port}/v1` });
    expect(lines.join("\n")).toMatch(
      /wrong {2}this machine's clock is (599|600|601) s behind: set it by NTP/,
    );
  });

  async function doctor(env: Record<string, string>) {
    const { terminal, printed } = recordedTerminal(env);
    const exitCode = await runDoctor({}, terminal);
    return { exitCode, lines: printed.stdout.trimEnd().split("\n") };
  }
});

describe("init", () => {
  test("writes the first test, the script and the CI job, and nothing twice", async () => {
    const folder = temporary("");
    const manifest = { name: "app", scripts: { test: "true" }, devDependencies: { vitest: "5.1.1" } };
    writeFileSync(temporary("package.json"), `${JSON.stringify(manifest, null, "\t")}\n`);
    const init = (...args: string[]) =>
      execFileSync(node, [resolve("tools/commands/necid.ts"), "init", ...args], {
        cwd: folder,
        encoding: "utf8",
      });
    expect(init()).toBe(
      "wrote test/necid.test.ts\nwrote .github/workflows/necid.yml\n" +
        "added the script test:necid to package.json\nRun it: npm run test:necid\n",
    );
    const scripts = { test: "true", "test:necid": "vitest run test/necid.test.ts" };
    const written = readFileSync(temporary("package.json"), "utf8");
    expect(written).toBe(`${JSON.stringify({ ...manifest, scripts }, null, "\t")}\n`);
    expect(readFileSync(temporary("test/necid.test.ts"), "utf8")).toBe(templates.vitest.test);
    expect(init("--runner", "vitest")).toBe(
      "test/necid.test.ts is there already\n.github/workflows/necid.yml is there already\n" +
        "package.json has a script test:necid already\nRun it: npm run test:necid\n",
    );
  });

  test("the first test for node:test passes", () => {
    // Inside the project, so that the package's own name leads to its source.
    const { test: text } = templates["node-test"];
    const args = ["--conditions=necid-source", "--input-type=module", "-e", text];
    expect(execFileSync(node, args, { encoding: "utf8" })).toMatch(/pass 1\b/);
  });

  test("needs a project and a runner", async () => {
    const folder = temporary("");
    const init = () => {
      try {
        return execFileSync(node, [resolve("tools/commands/necid.ts"), "init"], {
          cwd: folder,
          stdio: "pipe",
        });
      } catch (error) {
        const { status, stderr } = error as { status: number; stderr: Buffer };
        return `${status} ${stderr}`;
      }
    };
    expect(init()).toBe("2 There is no package.json here. Run `npm init` first.\n");
    writeFileSync(temporary("package.json"), "{}");
    expect(init()).toBe("2 Name the test runner: --runner vitest, jest, mocha, node-test, playwright\n");
    writeFileSync(temporary("package.json"), "{");
    expect(init()).toMatch(/^2 package\.json cannot be read: /);
    writeFileSync(temporary("package.json"), '{ "scripts": "none" }');
    expect(init()).toBe("2 package.json must be an object, and so must its scripts.\n");
    writeFileSync(temporary("package.json"), '{ "devDependencies": { "mocha": "11" } }');
    writeFileSync(temporary("test"), "a file where the folder should be");
    expect(init()).toMatch(/^2 test cannot be written \(EEXIST\)\.\n$/);
  });
});

describe("coverage", () => {
  const program = `
import { face } from "necid-contract-kit/faces";
import { startWorld } from "necid-contract-kit/mock";
const necid = await startWorld();
necid.next("search").answers(process.argv[1]);
await necid.client.POST("/face/search", { body: { probe: face("alice") } });
await necid.close();
`;
  const args = ["--conditions=necid-source", "--input-type=module", "-e", program];

  test("is added up over processes, and held to a threshold", async () => {
    const env = { ...process.env, NECID_COVERAGE: temporary("coverage") };
    for (const error of ["NoFace", "PoorQuality"]) execFileSync(node, [...args, error], { env });
    const files = ["--json", temporary("out/report.json"), "--html", temporary("out/report.html")];
    const { code, stdout } = await verb(["coverage", temporary("coverage"), ...files]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 of \d+ documented responses were tested \([\d.]+ %\)\.\n/);
    expect(stdout).toMatch(/^ {2}ApiFaceSearchPost: 200, 400 InvalidRequest, 403 /m);
    expect(JSON.parse(readFileSync(temporary("out/report.json"), "utf8"))).toMatchObject({ covered: 2 });
    expect(readFileSync(temporary("out/report.html"), "utf8")).toContain("<h1>2 of ");
    const low = await verb(["coverage", temporary("coverage"), "--threshold", "90"]);
    expect([low.code, low.stderr]).toEqual([1, "The threshold is 90 %.\n"]);
  });

  test("that nobody wrote is refused, and a threshold that is none", async () => {
    const { code, stderr } = await verb(["coverage", temporary("nowhere")]);
    expect([code, stderr]).toEqual([
      2,
      `${temporary("nowhere")} holds no coverage. Run the tests with NECID_COVERAGE=${temporary("nowhere")} first.\n`,
    ]);
    writeFileSync(temporary("1.jsonl"), "{");
    expect((await verb(["coverage", temporary("")])).code).toBe(2);
    expect((await verb(["coverage", ".", "--threshold", "101"])).stderr).toContain("a number from 0 to 100");
  });
});

describe("completion", () => {
  test.each([
    [["necid", "mo"], ["mock"]],
    [
      ["necid", "mock", "--se"],
      ["--service", "--seed", "--seed-subjects", "--self-check"],
    ],
    [["necid", "mock", "--auth", "p"], ["presence"]],
    [
      ["necid", "doctor", ""],
      ["--base-url", "--help"],
    ],
  ])("in bash, %j is completed by %j", async (words, expected) => {
    const { stdout: script } = await verb(["completion", "bash"]);
    const quoted = words.map((word) => `"${word}"`).join(" ");
    const run = `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _necid; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", run], { encoding: "utf8" }).trim().split(" ")).toEqual(expected);
  });

  test("in fish, each verb and option has its line", async () => {
    const { stdout } = await verb(["completion", "fish"]);
    expect(stdout).toContain(
      "complete -c necid -n '__fish_seen_subcommand_from mock' -l auth -x -a 'strict presence off' -d ",
    );
    expect(
      stdout.split("\n").filter((line) => line !== "" && !line.startsWith("complete -c necid ")),
    ).toEqual([]);
  });

  test.skipIf(!isInstalled("fish"))("in fish, words are completed with what they mean", async () => {
    writeFileSync(temporary("necid.fish"), (await verb(["completion", "fish"])).stdout);
    const complete = (line: string) =>
      execFileSync(
        "fish",
        ["--no-config", "-c", `source ${temporary("necid.fish")}; complete -C '${line}'`],
        {
          encoding: "utf8",
        },
      );
    expect(complete("necid mo")).toBe("mock\tserve the mock until Ctrl-C\n");
    expect(complete("necid mock --auth p")).toMatch(/^presence\t/);
    expect(complete("necid doctor --b")).toMatch(/^--base-url\tthe service to ask/);
  });

  test.skipIf(!isInstalled("zsh"))("in zsh, a tab completes an option", async () => {
    writeFileSync(temporary("necid.zsh"), (await verb(["completion", "zsh"])).stdout);
    // A terminal of zsh's own, in which the line is typed.
    const typed = [
      "zmodload zsh/zpty",
      "zpty typing zsh -f -i",
      `zpty -w typing 'autoload -U compinit && compinit -D -u; source ${temporary("necid.zsh")}'`,
      "zpty -w typing 'necid() { print -r -- \"ran <$*>\" }'",
      "zpty -w -n typing $'necid mock --self\\t\\n'",
      "zpty -w typing exit",
      'while zpty -r typing line 2>/dev/null; do print -rn -- "$line"; done',
    ].join("\n");
    expect(execFileSync("zsh", ["-f", "-c", typed], { encoding: "utf8" })).toContain(
      "ran <mock --self-check>",
    );
  });

  test("an unknown shell is refused", async () => {
    expect(await verb(["completion", "tcsh"])).toEqual({
      code: 2,
      stdout: "",
      stderr: 'There is no completion for "tcsh". Name one of bash, zsh, fish.\n',
    });
  });
});

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["--version"]).status === 0;
}

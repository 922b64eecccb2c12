import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mock, run, temporary, verb } from "./terminal.ts";

describe("necid mock", () => {
  test("the curl line that it prints registers a face when it is pasted", async () => {
    const server = await mock();
    const [command] = /curl .*/.exec(server.text())!;
    const { stdout } = await run("sh", ["-c", `${command} -s -w '\\n%{http_code}'`]);
    const [body, status] = stdout.split("\n");
    expect(status).toBe("201");
    const subject = JSON.parse(body!);
    expect(subject.id).toMatch(/^necidguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(subject.attributes.faceArea.left).toMatch(/^\d+$/);
    await server.lineWith(/^201 POST \/v1\/subjects ApiSubjectsPost \d+(\.\d+)? ms$/m);
    expect(await server.stop()).toBe(0);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it at once, with a connection still open",
    async (signal) => {
      const server = await mock();
      const response = await fetch(`${server.url}/health`);
      await response.text();
      expect(await server.stop(signal)).toBe(0);
    },
  );

  test("a port in use says so and what to do", async () => {
    const server = await mock();
    const { port } = new URL(server.url);
    expect(await verb(["mock", "--port", port])).toEqual({
      code: 2,
      stdout: "",
      stderr: `127.0.0.1:${port} is already in use. Stop the other process, or choose another port: npm start -- --port ${Number(port) + 1}\n`,
    });
    await server.stop();
  });

  test("credentials from the environment are accepted and named, never printed", async () => {
    const secrets = {
      NECID_SECRET_ACCESS_KEY: "canary-secret",
      NECID_API_KEY: "canary-key-1",
      NECID_API_KEY_2: "canary-key-2",
    };
    const server = await mock([], { NECID_ACCESS_KEY_ID: "AKIACANARY", ...secrets });
    const [command] = /curl .*/.exec(server.text())!;
    const { stdout } = await run("sh", ["-c", `${command} -s -o /dev/null -w '%{http_code}'`], {
      env: { ...process.env, ...secrets },
    });
    expect(stdout).toBe("201");
    await server.stop();
    expect(server.text()).not.toContain("canary");
  });

  test("a refused signature is explained on its log line", async () => {
    const server = await mock();
    const [command] = /curl .*/.exec(server.text())!;
    await run("sh", ["-c", `${command.replace("EXAMPLEKEY", "EXAMPLEKEY ")} -s -o /dev/null`]);
    await server.lineWith(/^403 POST \/v1\/subjects ApiSubjectsPost \d+(\.\d+)? ms\n {4}\S.*$/m);
    await server.stop();
    expect(server.text()).toMatch(/The canonical requests agree: .*secret/);
  });

  test("--json-logs writes nothing but JSON, --quiet nothing but the start", async () => {
    const json = await mock(["--json-logs"]);
    await (await fetch(`${json.url}/health`)).text();
    await json.lineWith(/"status":200/);
    await json.stop();
    const [started, request] = json
      .text()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(started).toEqual({
      time: expect.any(String),
      url: json.url,
      contract: "necid-v1",
      auth: "strict",
    });
    expect(request).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      method: "GET",
      path: "/v1/health",
      operation: "GET /health",
      status: 200,
      ms: expect.any(Number),
    });

    const quiet = await mock(["--quiet"]);
    await (await fetch(`${quiet.url}/health`)).text();
    await quiet.stop();
    expect(quiet.text()).not.toContain("/v1/health ");
  });

  const call = async (url: string, headers: Record<string, string>, method = "DELETE") => {
    const response = await fetch(url, { method, headers });
    return [response.status, await response.text()];
  };
  const signature = { authorization: "anything" };
  const key = { "x-api-key": "any" };
  test.each([
    ["strict", [403, 403, 403]],
    ["presence", [403, 403, 204]],
    ["off", [204, 204, 204]],
  ])("--auth %s", async (auth, statuses) => {
    const server = await mock(["--auth", auth]);
    const url = `${server.url}/subjects/x`;
    const prefer = { prefer: "code=204" };
    const got = [];
    for (const headers of [{}, signature, { ...signature, ...key }])
      got.push((await call(url, { ...headers, ...prefer }))[0]);
    expect(got).toEqual(statuses);
    await server.stop();
  });
});

describe("necid mock --spec", () => {
  const petShop = (securitySchemes: object, security: object[]) => ({
    openapi: "3.0.3",
    info: { title: "Pets", version: "1" },
    servers: [{ url: "https://pets.example/shop" }],
    paths: {
      "/pets/{petId}": {
        get: {
          security,
          parameters: [{ name: "petId", in: "path", required: true, schema: { type: "integer" } }],
          responses: {
            "200": {
              description: "a pet",
              content: {
                "application/json": { schema: { type: "object" }, example: { id: 1, name: "Rex" } },
              },
            },
          },
        },
      },
    },
    components: { securitySchemes },
  });
  const file = (name: string, document: object) => {
    const path = temporary(name);
    writeFileSync(path, JSON.stringify(document));
    return path;
  };
  const got = async (url: string) => {
    const response = await fetch(url);
    return [response.status, await response.json()];
  };

  test("serves the examples of any file, without a gateway when it has no Signature V4 scheme", async () => {
    const server = await mock(["--spec", file("pets.json", petShop({}, []))]);
    expect(new URL(server.url).pathname).toBe("/shop");
    expect(await got(`${server.url}/pets/1`)).toEqual([200, { id: 1, name: "Rex" }]);
    expect((await got(`${server.url}/pets/rex`))[0]).toBe(422);
    const problem = { detail: "The route /cats hasn't been found in the specification file", status: 404 };
    expect(await got(`${server.url}/cats`)).toEqual([404, expect.objectContaining(problem)]);
    expect(await got(`${server.url.replace("/shop", "/store")}/pets/1`)).toEqual([
      404,
      { message: "GET /store/pets/1 is not in the contract. Its paths stand below /shop." },
    ]);
    await server.stop();
  });

  test("serves it behind the gateway when it has one", async () => {
    const scheme = {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "awsSigv4",
    };
    const server = await mock(["--spec", file("pets.json", petShop({ sigv4: scheme }, [{ sigv4: [] }]))]);
    expect(await got(`${server.url}/pets/1`)).toEqual([403, { message: "Missing Authentication Token" }]);
    expect(await got(`${server.url}/cats`)).toEqual([403, { message: "Missing Authentication Token" }]);
    await server.stop();
  });

  test("a broken file is refused with its place", async () => {
    const path = temporary("broken.yaml");
    writeFileSync(path, "openapi: 3.0.3\ninfo: [\n");
    const { code, stdout, stderr } = await verb(["mock", "--spec", path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^${path}:\\d+:\\d+ .+\\n$`));
  });
});

describe("necid", () => {
  test.each([
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/],
    [["--help"], 0, /Usage: necid .*generate.*mock.*sign/s],
    [["mock", "--help"], 0, /--auth.*--public-host.*NECID_ACCESS_KEY_ID.*Prefer: code=404/s],
  ])("%j", async (args, code, output) => {
    const result = await verb(args);
    expect(result).toEqual({ code, stdout: expect.stringMatching(output), stderr: "" });
  });

  test.each([
    [[], /Usage: necid/],
    [["mokc"], /unknown command 'mokc'\n\(Did you mean mock\?\)/],
    [["help", "mokc"], /unknown command 'mokc'\n\(Did you mean mock\?\)/],
    [["init", "--runner", "vitets"], /Allowed choices are vitest, jest, .*\n\(Did you mean vitest\?\)/],
    [["sign", "ApiFaceSerchPost", "mock"], /Did you mean ApiFaceSearchPost\?/],
    [["sign", "ApiFaceSearchPost", "mok"], /^mok must be mock, live or a base URL/],
    [["sign", "GET", "http://127.0.0.1:1/x", "--face", "alice"], /belong to an operation/],
    [["sign", "ApiSubjectsByIdDelete", "mock"], /has the path \/subjects\/\{id\}\. Give it with --path/],
    [
      ["sign", "GET", "https://api.example.com/v1"],
      /^NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_API_KEY must be set in the environment to sign for/,
    ],
    [["mock", "--port", "70000"], /It must be a whole number from 0 to 65535\./],
    [["mock", "--auth", "none"], /Allowed choices are strict, presence, off\./],
    [["sign", "GET", "nowhere"], /nowhere is no URL/],
    [
      ["sign", "POST", "http://127.0.0.1:1/x", "--body", "@/no/such/file"],
      /\/no\/such\/file cannot be read \(ENOENT\)\./,
    ],
  ])("%j cannot run", async (args, error) => {
    expect(await verb(args)).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(error) });
  });

  test("sign prints a curl command that the mock accepts, without the secret key", async () => {
    const server = await mock();
    const body = `{"face":"bmVjaWQtZmFjZTphbGljZQ=="}`;
    const { stdout } = await verb(["sign", "POST", `${server.url}/subjects`, "--body", body]);
    expect(stdout).not.toContain("wJalr");
    const answer = await run("sh", ["-c", `${stdout.trim()} -s -o /dev/null -w '%{http_code}'`]);
    expect(answer.stdout).toBe("201");
    const named = await verb(["sign", "ApiFaceSearchPost", server.url, "--face", "alice"]);
    const found = await run("sh", ["-c", `${named.stdout.trim()} -s -o /dev/null -w '%{http_code}'`]);
    expect(found.stdout).toBe("200");
    await server.stop();
  });
});

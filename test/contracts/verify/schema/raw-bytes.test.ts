import { describe, expect, it } from "vitest";
import { checkBytes } from "../../../../contracts/verify/schema/raw-bytes.ts";

function faultsOf(body: Buffer | string, headers: [string, string][] = json, status = 200): string[] {
  return checkBytes({ status, headers, body: Buffer.from(body as string) }).map(
    ({ instancePath, expected, actual }) => `${instancePath}: ${expected}, not ${actual}`,
  );
}

const json: [string, string][] = [["content-type", "application/json"]];
const text: [string, string][] = [["content-type", "text/plain"]];

describe("bytes that every parser reads in the same way", () => {
  const bodies: [string, string][] = [
    ["an empty object", "{}"],
    ["a bare value", "null"],
    ["white space around", " \t\r\n[1 , 2]\n"],
    ["all literals", '{"a":true,"b":false,"c":null}'],
    ["the same name in two objects", '[{"a":1},{"a":{"a":1}}]'],
    ["every escape", '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4"'],
    ["a pair of surrogates", '"\\ud83d\\ude00"'],
    ["the largest integers", "[9007199254740991,-9007199254740991]"],
    ["small and large fractions", "[0.1,-0,-0.0,1e-7,123456789.125,1E2,5e-324]"],
    ["characters of every length", '"aä€😀"'],
    ["the names of the prototype", '{"__proto__":1,"constructor":2}'],
    ["a thousand levels", `${"[".repeat(1000)}${"]".repeat(1000)}`],
  ];
  it.each(bodies)("%s", (_, body) => {
    expect(faultsOf(body)).toEqual([]);
    expect(() => JSON.parse(body)).not.toThrow();
  });

  it("text that is not JSON may be anything", () => expect(faultsOf("{ not JSON", text)).toEqual([]));
  it("an empty body has no faults", () => expect(faultsOf("")).toEqual([]));
});

describe("bytes that are wrong", () => {
  const cases: [string, string | Buffer, ...string[]][] = [
    ["a Latin-1 letter", Buffer.from('{"a":"\xe4"}', "latin1"), "bytes 6: UTF-8, not 0xe4"],
    ["half of a character at the end", Buffer.from([0x22, 0xe2, 0x82]), "bytes 1: UTF-8, not 0xe2"],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), "bytes 0: UTF-8, not 0xff"],
    ["a surrogate in bytes", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "bytes 1: UTF-8, not 0xed"],
    ["a byte order mark", "\ufeff{}", "bytes 0: no byte order mark, not a byte order mark"],
    ["a NUL", '{"a":"\0"}', "bytes 6: no NUL, not NUL"],
    ["a NUL behind an escape", '{"a":["\\u0000"]}', "body /a/0: no NUL, not NUL"],
    ["a name twice", '{"a":1,"a":1}', "body /a: each property once, not a duplicate"],
    [
      "a name twice, once escaped",
      '{"x":[{"é":1,"\\u00e9":2}]}',
      "body /x/0/é: each property once, not a duplicate",
    ],
    ["a name with a slash twice", '{"a/b":1,"a/b":1}', "body /a~1b: each property once, not a duplicate"],
    [
      "`__proto__` twice",
      '{"__proto__":1,"__proto__":1}',
      "body /__proto__: each property once, not a duplicate",
    ],
    ["half of a pair", '["\\ud83d"]', "body /0: whole characters, not half of a surrogate pair"],
    [
      "a pair the wrong way round",
      '"\\ude00\\ud83d"',
      "body: whole characters, not half of a surrogate pair",
    ],
    [
      "half of a pair in a name",
      '{"\\ud83d":1}',
      "body /\ufffd: whole characters, not half of a surrogate pair",
    ],
    ["2^53", '{"n":9007199254740992}', "body /n: an integer within ±(2^53 - 1), not 9007199254740992"],
    ["an integer with an exponent", "[1e20]", "body /0: an integer within ±(2^53 - 1), not 1e20"],
    [
      "a negative one",
      "[-9007199254740993.0]",
      "body /0: an integer within ±(2^53 - 1), not -9007199254740993.0",
    ],
    ["more than a double holds", "[1e400]", "body /0: a number that a double can hold, not 1e400"],
    ["less than a double holds", "[1e-400]", "body /0: a number that a double can hold, not 1e-400"],
    [
      "a number of a thousand digits",
      "9".repeat(1000),
      `body: a number that a double can hold, not ${"9".repeat(40)}…`,
    ],
    [
      "several of them",
      '{"a":1e400,"b":"\\u0000"}',
      "body /a: a number that a double can hold, not 1e400",
      "body /b: no NUL, not NUL",
    ],
    ["white space only", "  ", "bytes 2: a JSON value, not the end of the body"],
    ["an object cut off", '{"a":1', "bytes 6: a comma or }, not the end of the body"],
    ["a list cut off", "[1,", "bytes 3: a JSON value, not the end of the body"],
    ["a text cut off", '["ab', "bytes 4: the rest of the text, not the end of the body"],
    ["a name cut off", '{"a', "bytes 3: the rest of the name, not the end of the body"],
    ["a number cut off", "[-", "bytes 2: a JSON number, not the end of the body"],
    ["a fraction cut off", "[1.", "bytes 3: a JSON number, not the end of the body"],
    ["two values", "{} {}", 'bytes 3: the end of the body, not "{"'],
    ["a bracket too many", "[1]]", 'bytes 3: the end of the body, not "]"'],
    ["another bracket", '{"a":[1}]', 'bytes 7: a comma or ], not "}"'],
    ["a comma at the end", "[1,]", 'bytes 3: a JSON value, not "]"'],
    ["a comma at the end of an object", '{"a":1,}', 'bytes 7: a property name, not "}"'],
    ["a missing colon", '{"a" 1}', 'bytes 5: a colon, not "1"'],
    ["a missing comma", '{"a":1 "b":2}', 'bytes 7: a comma or }, not "\\""'],
    ["a name without quotes", "{a:1}", 'bytes 1: a property name, not "a"'],
    ["single quotes", "['a']", `bytes 1: a JSON value, not "'"`],
    ["a comment", "[1, /* */ 2]", 'bytes 4: a JSON value, not "/"'],
    ["NaN", "[NaN]", 'bytes 1: a JSON value, not "N"'],
    ["a zero before", "[01]", 'bytes 2: a JSON number, not "1"'],
    ["a plus", "[+1]", 'bytes 1: a JSON number, not "+"'],
    ["a point first", "[.5]", 'bytes 1: a JSON number, not "."'],
    ["True", "[True]", 'bytes 1: a JSON value, not "T"'],
    ["an unknown word", "[nil]", 'bytes 1: null, not "n"'],
    ["an unknown escape", '["\\x41"]', 'bytes 2: the rest of the text, not "\\\\"'],
    ["an escape in capitals", '["\\U0041"]', 'bytes 2: the rest of the text, not "\\\\"'],
    ["a short escape", '["\\u41"]', 'bytes 2: the rest of the text, not "\\\\"'],
    ["a line break in a text", '["a\nb"]', 'bytes 3: the rest of the text, not "\\n"'],
    ["HTML", "<!doctype html>", 'bytes 0: a JSON value, not "<"'],
    ["what is wrong in an emoji's place", '{"😀":😀}', 'bytes 8: a JSON value, not "😀"'],
    ["endless depth", "[".repeat(5_000_000), "bytes 1001: at most 1000 levels, not more"],
  ];
  it.each(cases)("%s", (_, body, ...faults) => expect(faultsOf(body)).toEqual(faults));

  it("stops after a hundred faults", () => {
    expect(faultsOf(`[${Array(1000).fill("1e400").join()}]`)).toHaveLength(100);
  });

  it("looks for a byte order mark and NUL in text too", () => {
    expect(faultsOf("\ufeffa", text)).toEqual(["bytes 0: no byte order mark, not a byte order mark"]);
    expect(faultsOf("a\0", text)).toEqual(["bytes 1: no NUL, not NUL"]);
  });
});

describe("headers that contradict the bytes", () => {
  const cases: [string, [string, string][], string, number, string[]][] = [
    [
      "another charset",
      [["content-type", "application/json; charset=latin1"]],
      "{}",
      200,
      ["header content-type: charset utf-8 or none, not charset latin1"],
    ],
    ["charset and more", [["content-type", 'application/json; v=1; Charset="UTF-8"']], "{}", 200, []],
    [
      "a suffix for JSON",
      [["content-type", "application/problem+json"]],
      "{",
      400,
      ["bytes 1: a property name, not the end of the body"],
    ],
    [
      "compression",
      [...json, ["content-encoding", "br"]],
      "{",
      200,
      ["header content-encoding: none, not br"],
    ],
    ["identity", [...json, ["content-encoding", "identity"]], "{}", 200, []],
    ["204 with a body", json, "{}", 204, ["body: no body, not 2 bytes"]],
    ["304 with a body", json, "{}", 304, ["body: no body, not 2 bytes"]],
    ["204 with a length", [["content-length", "7"]], "", 204, ["body: no body, not 7 bytes"]],
    ["204 of no length", [["content-length", "0"]], "", 204, []],
    ["204 in chunks", [["transfer-encoding", "chunked"]], "", 204, ["body: no body, not a body in chunks"]],
    ["304 with the length of what was not changed", [["content-length", "7"]], "", 304, []],
  ];
  it.each(cases)("%s", (_, headers, body, status, faults) => {
    expect(faultsOf(body, headers, status)).toEqual(faults);
  });
});

describe("eight megabytes", () => {
  const bodies: [string, () => string][] = [
    ["of text", () => JSON.stringify({ face: "A".repeat(8e6) })],
    ["of objects", () => JSON.stringify(Array(2e5).fill({ left: "161", top: "156", right: 318 }))],
    ["of escapes", () => JSON.stringify("\n".repeat(4e6))],
  ];
  it.each(bodies)("%s are checked quickly", (_, make) => {
    const body = make();
    const started = performance.now();
    expect(faultsOf(body)).toEqual([]);
    // A hundred times what it takes where each text would search the rest of the body.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

it("finds what JSON.parse finds, wherever a body is cut off or has an additional byte", () => {
  const body = '{"a":[1.5e3,-0,true,null,"x\\u00e4\\n"],"b":{"c":{}}}';
  for (let at = 0; at < body.length; at++) {
    for (const broken of [
      body.slice(0, at),
      ...Array.from('{}[],:"\\0e-.t', (extra) => body.slice(0, at) + extra + body.slice(at)),
    ]) {
      const isRefused = faultsOf(broken).some((fault) => fault.startsWith("bytes"));
      expect([broken, isRefused]).toEqual([broken, broken !== "" && !isJson(broken)]);
    }
  }
});

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

import { expect, test } from "vitest";
import { decodeBody, gatewayBody, prismBody } from "../../../mocks/http/body.ts";
import { shortestPicture } from "../../../mocks/http/pictures.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { fingerprint } from "../../../mocks/world/redact.ts";

const picture = Buffer.alloc(shortestPicture, "a picture of somebody").toString("base64");
const other = Buffer.alloc(shortestPicture + 1, "another one").toString("base64");
const spoilt = (text: string, at = 9_000) => picture.slice(0, at) + text + picture.slice(at);

const bodies: [what: string, body: string][] = [
  ["a picture", `{"face":"${picture}"}`],
  ["two pictures", `{ "a" : "${picture}" , "b":[{"c":"${other}"}] }`],
  ["the same picture twice", `["${picture}","${picture}"]`],
  ["a picture alone", `"${picture}"`],
  ["a picture as a name", `{"${picture}"  :1}`],
  ["a picture as a name and a value", `{"${picture}":\n"${picture}"}`],
  ["a name that comes twice", `{"face":"${picture}","face":"${other}"}`],
  ["a name that comes twice, the last one short", `{"face":"${picture}","face":"short"}`],
  ["the prototype's name", `{"__proto__":"${picture}","constructor":{"prototype":"${other}"}}`],
  ["an escape", `{"face":"${spoilt("\\/AAA")}"}`],
  ["an escape at the end", `{"face":"${spoilt('\\"AAA', picture.length - 1)}"}`],
  ["a raw line break", `{"face":"${spoilt("\n")}"}`],
  ["a raw null", `{"face":"${spoilt("\0AAA")}"}`],
  ["the URL alphabet", `{"face":"${spoilt("-_-_")}"}`],
  ["padding in the middle", `{"face":"${spoilt("AA==")}"}`],
  ["too much padding", `{"face":"${picture}===="}`],
  ["letters of another alphabet", `{"face":"${spoilt("ŁŁŁŁ")}"}`],
  ["a character of two units", `{"face":"${spoilt("😀")}"}`],
  ["a byte order mark", `\ufeff{"face":"${picture}"}`],
  ["no end of the text", `{"face":"${picture}`],
  ["no end of the object", `{"face":"${picture}"`],
  ["a second value", `{"face":"${picture}"} "${other}"`],
  ["a missing comma", `{"a":"${picture}" "b":"${other}"}`],
  ["text beside a picture that is no JSON", `{"face":"${picture}",x}`],
  ["half a character beside a picture", `{"face":"${picture}","name":"\xff"}`],
];

test.each(bodies)("a body with %s is read as JSON.parse reads it", (_, body) => {
  // One case holds a byte that no UTF-8 has.
  const bytes = body.includes("\xff") ? Buffer.from(body, "latin1") : Buffer.from(body);
  for (const rules of [gatewayBody, prismBody]) {
    const decoded = decodeBody(bytes, "application/json", rules);
    const got = "value" in decoded ? { value: decoded.value } : { keyword: decoded.keyword };
    expect(got).toEqual(plainly(bytes, rules.utf8));
  }
});

function plainly(bytes: Buffer, utf8: TextDecoder) {
  try {
    return { value: JSON.parse(utf8.decode(bytes)) };
  } catch {
    return { keyword: "json" };
  }
}

test("a picture is decoded once, whoever asks for its bytes", () => {
  const body = Buffer.from(JSON.stringify({ face: picture, other }));
  const request = new HttpRequest({ method: "POST", target: "/", rawHeaders: [], body });
  expect(request.decodeBody(gatewayBody)).toBeUndefined();
  const { face } = request.value as { face: string };
  const decoded = request.decodeBase64(face);
  expect(request.decodeBase64(face)).toBe(decoded);
  expect(request.with({}).decodeBase64(face)).toBe(decoded);
  expect({ sha256: decoded.sha256, bytes: decoded.length }).toEqual(
    fingerprint(Buffer.from(picture, "base64")),
  );
  expect(decoded.bytes).toEqual(Buffer.from(picture, "base64"));
  expect(decoded.bytes.subarray(0, 10_000)).toEqual(decoded.head.subarray(0, 10_000));
  expect(request.decodeBase64("QUJD").bytes.toString()).toBe("ABC");
});

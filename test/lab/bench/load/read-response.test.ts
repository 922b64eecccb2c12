import { expect, test } from "vitest";
import { readResponse } from "./read-response.ts";

const created = 'HTTP/1.1 201 Created\r\nDate: now\r\nContent-Length: 10\r\n\r\n{"id":"é"}';

test.each<[string, { given: string; want: ReturnType<typeof readResponse> }]>([
  ["nothing", { given: "", want: undefined }],
  ["half a head", { given: "HTTP/1.1 201 Created\r\nContent-Le", want: undefined }],
  ["a head whose last line end is not whole", { given: created.split("\n{")[0]!, want: undefined }],
  ["half a body", { given: created.slice(0, -2), want: undefined }],
  ["a whole answer", { given: created, want: { status: 201, length: 65 } }],
  ["a whole answer and the start of another", { given: `${created}HTTP`, want: { status: 201, length: 65 } }],
  [
    "a name in other letters, no space after it",
    { given: "HTTP/1.1 403 Forbidden\r\ncontent-LENGTH:2\r\n\r\n{}", want: { status: 403, length: 46 } },
  ],
  [
    "a header whose name ends the same way",
    {
      given: "HTTP/1.1 200 OK\r\nX-Content-Length: 99\r\nContent-Length: 0\r\n\r\n",
      want: { status: 200, length: 60 },
    },
  ],
  ["204 without a length", { given: "HTTP/1.1 204 No Content\r\n\r\n", want: { status: 204, length: 27 } }],
])("reads %s", (_, { given, want }) => {
  expect(readResponse(Buffer.from(given))).toEqual(want);
});

test.each([
  ["a chunked answer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK"],
  ["an answer that ends with the connection", "HTTP/1.1 201 Created\r\n\r\n", "HTTP/1.1 201 Created"],
  ["what is not HTTP/1.1", "SSH-2.0-OpenSSH\r\n\r\n", "SSH-2.0-OpenSSH"],
])("does not count %s", (_, given, startLine) => {
  expect(() => readResponse(Buffer.from(given))).toThrow(
    expect.objectContaining({
      code: "UNCOUNTABLE_ANSWER",
      startLine,
      message: `The answer "${startLine}" is not HTTP/1.1 with a Content-Length. Make the server send one.`,
    }),
  );
});

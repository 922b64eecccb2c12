import type { Violation } from "../../contracts/openapi/validation.ts";
import type { Journal, JournalEntry } from "../mock.ts";
import { formatCalls } from "./calls.ts";
import { validation } from "./contract.ts";
import { type OperationName, operationKey, type StatusOf } from "./operations.ts";

/** The matchers that this package adds to `expect`. */
export type NecIdMatchers<R = void> = {
  /**
   * The response is one that the contract documents for the operation: status, media type and body.
   * Takes a result of the client, or a `Response` that nobody has read yet. With a `Response`, await it.
   *
   * @param status also the status must be this one.
   * @example expect(await client.POST("/face/verify", { body })).toMatchContract("verify", 404);
   */
  toMatchContract<Name extends OperationName>(operation: Name, status?: StatusOf<Name>): R;
  /**
   * The journal has calls of the operation.
   *
   * @example expect(necid.journal).toHaveBeenCalledOperation("search", { times: 2, status: 200 });
   */
  toHaveBeenCalledOperation(operation: OperationName, options?: { times?: number; status?: number }): R;
};

/**
 * The matchers as vitest's and Jest's `expect.extend` take them.
 *
 * @example expect.extend(necIdMatchers);
 */
export const necIdMatchers = {
  toMatchContract(received: unknown, operation: OperationName, status?: number): Verdict | Promise<Verdict> {
    const key = operationKey(operation);
    if (isResult(received)) return judge(partsOfResult(received), key, status);
    if (isResponse(received)) return readResponse(received).then((parts) => judge(parts, key, status));
    throw new TypeError(
      "toMatchContract takes a result of the client, or a Response that nobody has read yet.",
    );
  },
  toHaveBeenCalledOperation(
    received: unknown,
    operation: OperationName,
    { times, status }: { times?: number; status?: number } = {},
  ): Verdict {
    const operationId = operationKey(operation);
    if (!isJournal(received))
      throw new TypeError("toHaveBeenCalledOperation takes a journal, e.g. necid.journal.");
    const calls = received.list({ operationId, status }).length;
    const pass = times === undefined ? calls > 0 : calls === times;
    const wanted = [
      operationId,
      ...(status === undefined ? [] : [`with status ${status}`]),
      ...(times === undefined ? [] : [`${times} times`]),
    ].join(" ");
    return {
      pass,
      message: () =>
        `Expected ${pass ? "no " : ""}calls of ${wanted}, and there were ${calls}. ${formatCalls(received.list())}`,
    };
  },
};

type Verdict = { pass: boolean; message: () => string };
type Parts = { status: number; headers: Record<string, string>; body: unknown };

function judge({ status, headers, body }: Parts, operation: string, expected: number | undefined): Verdict {
  const mediaType = body === undefined ? undefined : headers["content-type"];
  const violations = validation.response(operation, { status, mediaType, body, headers });
  const problems = [
    ...(expected === undefined || expected === status ? [] : [`the status is ${status}, not ${expected}`]),
    ...violations.map(sentenceOf),
  ];
  const pass = problems.length === 0;
  const response = `${operation} ${status}`;
  return {
    pass,
    message: () =>
      pass
        ? `Expected ${response} not to match the contract, and it does.`
        : `${response} does not match the contract: ${problems.join("; ")}.`,
  };
}

function sentenceOf({ place, message }: Violation): string {
  return `${place.join(".")}: ${message}`;
}

type Result = { response: Response; data?: unknown; error?: unknown };

function partsOfResult({ response, data, error }: Result): Parts {
  const body = data ?? error;
  return { ...headOf(response), body: body === "" ? undefined : body };
}

async function readResponse(response: Response): Promise<Parts> {
  if (response.bodyUsed)
    throw new TypeError(
      "toMatchContract cannot read this Response, because it was read before. Pass a clone of it.",
    );
  const text = await response.text();
  return { ...headOf(response), body: text === "" ? undefined : parsed(text) };
}

function headOf({ status, headers }: Response): Pick<Parts, "status" | "headers"> {
  return { status, headers: Object.fromEntries(headers) };
}

/** Text that is no JSON stays text: 413 is plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** By their members: in Jest, classes exist once for each test file. */
function isResponse(value: unknown): value is Response {
  return isObject(value) && typeof value.text === "function" && value.headers !== undefined;
}

function isResult(value: unknown): value is Result {
  return isObject(value) && isResponse(value.response);
}

function isJournal(value: unknown): value is Journal & { list(): JournalEntry[] } {
  return isObject(value) && typeof value.list === "function" && typeof value.size === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

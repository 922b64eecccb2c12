import type { Validation } from "../../contracts/openapi/validation.ts";
import type { FaultKind, Faults } from "../mock.ts";
import {
  type ErrorOf,
  type OperationName,
  type OperationOf,
  operationKey,
  type StatusOf,
} from "./operations.ts";

/** What the next calls of one operation are answered with. Each method takes effect at once. */
export type NextResponses<Name extends OperationName> = {
  /**
   * A documented error, by its name in the contract.
   *
   * @example necid.next("search").answers("NoFace");
   */
  answers(error: ErrorOf<Name>): NextResponse;
  /**
   * A documented status: with this body, or with the contract's example.
   *
   * @throws {NextResponseError} when the contract does not allow the body.
   * @example necid.next("verify").answers(200, { id, score: 7000 });
   */
  answers<Status extends StatusOf<Name>>(status: Status, body?: BodyOf<Name, Status>): NextResponse;
  /**
   * Any response, though the contract does not document it.
   *
   * @example necid.next("verify").answers(418, { teapot: true }, { unchecked: true });
   */
  answers(status: number, body: unknown, options: { unchecked: true }): NextResponse;
  /** 429: too many requests. The client of the fixture tries such a call again. */
  throttled(): NextResponse;
  /** 429: the quota is used up. No client should try again. */
  exhausted(): NextResponse;
  /**
   * 504: the service behind the gateway did not answer in time.
   *
   * @param options.afterMs how long the response takes, in milliseconds. @default 0; the real gateway takes 29,000
   */
  timesOut(options?: { afterMs?: number }): NextResponse;
  /** 502: the service behind the gateway failed. */
  fails(): NextResponse;
  /**
   * 403: the signature was made ten minutes ago. The client of the fixture corrects its clock and tries once more:
   * `.times(2)` refuses that too.
   */
  expiredSignature(): NextResponse;
  /**
   * The connection is reset without a response.
   *
   * @param options.when `in body` sends half of the response first. @default "before headers"
   */
  drops(options?: { when?: "before headers" | "in body" }): NextResponse;
  /** JSON that ends in the middle. */
  garbled(): NextResponse;
  /** The true response, after this many milliseconds. */
  delays(ms: number): NextResponse;
  /**
   * The number of calls that come next.
   *
   * @example necid.next("search").times(3).throttled();
   */
  times(count: number): NextResponses<Name>;
};

/** A response that was arranged. */
export type NextResponse = {
  /**
   * Says how many calls it is for, instead of one.
   *
   * @example necid.next("search").throttled().times(3);
   */
  times(count: number): NextResponse;
  /** Takes it back. */
  remove(): void;
};

/** The JSON body that an operation documents for a status. */
type BodyOf<Name extends OperationName, Status> = Status extends keyof OperationOf<Name>["responses"]
  ? OperationOf<Name>["responses"][Status] extends { content: { "application/json": infer Body } }
    ? Body
    : undefined
  : never;

/** A response that a test arranges is not one of the contract. */
export class NextResponseError extends Error {
  readonly code = "NEXT_RESPONSE";

  constructor(operation: string, status: number, problems: string[]) {
    super(
      `${operation} cannot answer ${status} with this body: ${problems.join("; ")}. ` +
        "Correct it, or add { unchecked: true } to send it nevertheless.",
    );
    this.name = "NextResponseError";
  }
}

/** Opens `next` for a world. */
export function createNext({ faults, validation }: { faults: Faults; validation: Validation }) {
  return <Name extends OperationName>(name: Name): NextResponses<Name> => {
    const operation = operationKey(name);
    return responses(1);

    function responses(count: number): NextResponses<Name> {
      const arrange = (fault: FaultKind) => arranged({ faults, operation, fault }, count);
      return {
        answers(first: unknown, body?: unknown, options?: { unchecked: true }): NextResponse {
          if (typeof first === "string") return arrange({ error: first });
          const status = first as number;
          if (body === undefined && !options?.unchecked) return arrange({ status });
          if (!options?.unchecked) check(status, body);
          return arrange({ response: { status, ...(body !== undefined && { body }) } });
        },
        throttled: () => arrange({ error: "TooManyRequests" }),
        exhausted: () => arrange({ error: "LimitExceeded" }),
        timesOut: ({ afterMs = 0 } = {}) => arrange({ timeout: { afterMs } }),
        fails: () => arrange({ badGateway: true }),
        expiredSignature: () => arrange({ expiredSignature: true }),
        drops: ({ when = "before headers" } = {}) => arrange({ reset: when }),
        garbled: () => arrange({ malformed: true }),
        delays: (ms) => arrange({ latency: { ms } }),
        times: (next) => responses(next),
      };
    }

    function check(status: number, body: unknown): void {
      const json = JSON.parse(JSON.stringify(body));
      const violations = validation
        .response(operation, { status, mediaType: "application/json", body: json, headers: {} })
        // The mock adds the headers itself.
        .filter(({ place: [part] }) => part !== "header");
      const problems = violations.map(
        ({ place, message }) => `${place.slice(1).join(".") || place[0]} ${message}`,
      );
      if (problems.length > 0) throw new NextResponseError(operation, status, problems);
    }
  };
}

function arranged(
  rule: { faults: Faults; operation: string; fault: FaultKind },
  count: number,
): NextResponse {
  const { faults, operation, fault } = rule;
  const { id } = faults.add({ operation, fault, times: count });
  return {
    times(next) {
      faults.remove(id);
      return arranged(rule, next);
    },
    remove: () => void faults.remove(id),
  };
}

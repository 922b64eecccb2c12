import { FaultError } from "../../faults/read-rules.ts";
import { PactError } from "../../world/pact-file.ts";
import { StateError } from "../../world/service.ts";
import type { SentError } from "./messages.ts";

/** The classes that a test may compare with. Of any other error the name and the facts arrive. */
const classes: Record<string, { prototype: Error }> = { FaultError, StateError, PactError };

/** An error as it travels. */
export function toSent(error: unknown): SentError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message, facts: { ...(error as object) } };
}

/** The same error on the other side, with the stack of its caller. */
export function toThrown({ name, message, facts }: SentError): Error {
  const error = new Error(message);
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (known) Object.setPrototypeOf(error, known.prototype);
  return Object.assign(error, facts, { name });
}

import { responseBody } from "../../../../generated/necid-v1/validators.js";
import type { ReceivedResponse } from "../connection.ts";
import type { KnownSubjects } from "../known-subjects.ts";
import type { Forgery } from "../signer.ts";
import { drawPicture, type Form, type Picture } from "./pictures.ts";

/** One request, and the only answers that are right. */
export type Call = {
  method: string;
  /** Below the base path. */
  path: string;
  /** As the contract calls it; absent where it knows no such call. */
  operation?: string;
  body?: string;
  contentType?: string;
  prefer?: string;
  forgery?: Forgery;
  /** Another than the client's own; `null` sends none. */
  apiKey?: string | null;
  /** What is wrong with the response; `undefined` for a right one, which is then taken into the client's model. */
  check(response: ReceivedResponse): string | undefined;
};

/** A subject that a client registered and has not removed. */
export type Subject = { id: string; picture: Picture };

/** One client and its model of what it has done. Nobody else changes its subjects. */
export type Client = {
  name: string;
  /** 1 or 2, and the API keys of this and of the other one. */
  application: number;
  apiKey: string;
  otherApiKey: string;
  /** From 0 up to 1. */
  random(): number;
  own: Subject[];
  /** The last ids that it removed. */
  gone: string[];
  /** It removes none while it has fewer. */
  enough: number;
  /** 0 to 1: how many of its new pictures are photographs of 500 kB. */
  photographs: number;
  /** A number that no other call of any client gets. */
  nextSerial(): number;
  knownSubjects: KnownSubjects;
};

/** How often a kind of call is made, and the next such call; `undefined` when the client has nothing for it. */
export type Kind = { weight: number; plan(client: Client): Call | undefined };

export type Expected = {
  status: number;
  /** The gateway's own, in a header. */
  errorType?: string;
  /** The whole body, or what it must match. */
  text?: string | RegExp;
  /** Says what is wrong with a body that keeps the contract. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered.
  body?(value: any): string | undefined;
};

/** Checks a response in the order in which a reader would: status, headers, body. */
export function checker(operation: string | undefined, expected: Expected): Call["check"] {
  return (response) => {
    const { status, headers, body } = response;
    if (status !== expected.status) return `status ${status} instead of ${expected.status}`;
    if (headers.get("x-amzn-errortype") !== expected.errorType)
      return `x-amzn-ErrorType ${headers.get("x-amzn-errortype")} instead of ${expected.errorType}`;
    if (!uuid.test(headers.get("x-amzn-requestid") ?? "")) return "no x-amzn-RequestId";
    if (!apigwId.test(headers.get("x-amz-apigw-id") ?? "")) return "no x-amz-apigw-id";
    if ((headers.get("content-type") === "application/json") !== (body !== ""))
      return `a body of ${body.length} characters with the Content-Type ${headers.get("content-type")}`;
    return bodyComplaint(operation, expected, body);
  };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const apigwId = /^[A-Za-z0-9+/]{15}=$/;

function bodyComplaint(
  operation: string | undefined,
  { status, text, body }: Expected,
  given: string,
): string | undefined {
  if (typeof text === "string" && given !== text) return `not the body ${text}`;
  if (text instanceof RegExp && !text.test(given)) return `a body that does not match ${text}`;
  const keepsContract = responseBody[operation ?? ""]?.[status]?.["application/json"];
  if (text === undefined && !keepsContract) return given === "" ? undefined : "a body where none belongs";
  if (!keepsContract) return undefined;
  const value = parsed(given);
  if (!keepsContract(value)) return `a body that breaks the contract: ${keepsContract.errors?.[0]?.message}`;
  return body?.(value);
}

/** What is no JSON keeps no contract. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The response's face must be the request's: its pan is a number that no other picture has. */
export function panComplaint(attributes: { facePan: string }, { pan }: Picture): string | undefined {
  if (pan === undefined || attributes.facePan === pan) return undefined;
  return `facePan ${attributes.facePan} instead of ${pan}: the answer to another request`;
}

/** A picture of somebody whom nobody else knows, or of `person` once more. */
export function newPicture(client: Client, options: { person?: string; form?: Form } = {}): Picture {
  const serial = client.nextSerial();
  const { person = `${client.name}-${serial}` } = options;
  // Without photographs no number is drawn, so that a seed gives the same flow.
  const free = client.photographs > 0 && !options.person && !options.form;
  if (free && client.random() < client.photographs)
    return drawPicture({ serial, person, form: "large", size: photographSize });
  const { form = client.random() < 0.7 ? "text" : "png" } = options;
  return drawPicture({ serial, person, form, size: client.random() });
}

/** 500 kB. */
const photographSize = 4 / 9;

/** One of a list; `undefined` from an empty one. */
export function oneOf<Item>(client: Client, items: readonly Item[]): Item | undefined {
  return items[Math.trunc(client.random() * items.length)];
}

/** One of the client's own subjects. */
export function ofOwn(client: Client, plan: (subject: Subject) => Call | undefined): Call | undefined {
  const subject = oneOf(client, client.own);
  return subject && plan(subject);
}

/** Likewise, but of those whose face is a card: of any other person there is no second photo. */
export function ofCard(client: Client, plan: (subject: Subject) => Call): Call | undefined {
  return ofOwn(client, (subject) => (subject.picture.pan === undefined ? undefined : plan(subject)));
}

/** One of those that it removed. */
export function ofGone(client: Client, plan: (id: string) => Call): Call | undefined {
  const id = oneOf(client, client.gone);
  return id === undefined ? undefined : plan(id);
}

import type { ServiceCall, ServiceResponse } from "../world/service.ts";
import type { Face } from "./face.ts";
import type { Galleries } from "./galleries.ts";
import { measure } from "./pictures.ts";

/** What the service does for one operation, in either version. */
export type NecIdOperation = {
  /** Whether it changes what is kept when it succeeds. */
  writes?: boolean;
  respond(call: ServiceCall, world: NecIdWorld): ServiceResponse;
};

/** The state that an operation works on. */
export type NecIdWorld = {
  galleries: Galleries;
  /** The time of the world, in milliseconds since the epoch. */
  now: () => number;
};

export const notFound: ServiceResponse = { status: 404, body: undefined };

/** A subject with the attributes of its face, as a value and as JSON. */
export function subjectBody(
  ids: { id: string; eventId?: string },
  face: Face,
): Pick<ServiceResponse, "body" | "json"> {
  const { attributes, json } = measure(face);
  const { id, eventId } = ids;
  const event = eventId === undefined ? "" : `"eventId":${JSON.stringify(eventId)},`;
  return {
    body: eventId === undefined ? { id, attributes } : { id, eventId, attributes },
    json: `{"id":${JSON.stringify(id)},${event}"attributes":${json}}`,
  };
}

/** The time of the world in seconds, as events keep it. */
export function seconds({ now }: NecIdWorld): number {
  return Math.floor(now() / 1000);
}

import { face } from "../../contracts/necid/faces/faces.ts";
import { faceOfRole, faceRoles } from "../../contracts/necid/faces/roles.ts";
import type { FaultRule } from "../faults/schemas.ts";
import { type EstablishedState, type ProviderState, ProviderStateError } from "../world/service.ts";
import { readFaces } from "./face.ts";
import type { Galleries } from "./galleries.ts";
import { eventIdOf } from "./gallery.ts";
import { idPattern } from "./saved-state.ts";

/**
 * Sets up a provider state of a pact in the gallery of the first application.
 *
 * @param options.now the time of the world, in milliseconds since the epoch.
 * @returns the values of the state, and a face card for each role: `alice-1`, `none`, …
 * @throws {ProviderStateError} for an unknown name, and for parameters that it does not take.
 */
export function setUpState(
  { name, parameters }: ProviderState,
  { galleries, now }: { galleries: Galleries; now: number },
): EstablishedState {
  const images = Object.fromEntries(faceRoles.map((role) => [role, faceOfRole(role)]));
  // Pact's Verifier sends an empty name for an interaction without a provider state.
  if (name === "") return { values: images };
  const state = Object.hasOwn(states, name) ? states[name]! : undefined;
  if (!state) {
    throw new ProviderStateError(
      `The provider state "${name}" is unknown. Known are: ${Object.keys(states).join(", ")}.`,
    );
  }
  const known = [...state.required, ...state.optional];
  for (const [parameter, value] of Object.entries(parameters)) {
    if (!known.includes(parameter)) throw unknownParameter(name, { parameter, known });
    if (typeof value !== "string" || value === "") {
      throw new ProviderStateError(`The parameter "${parameter}" of the state "${name}" must be text.`);
    }
  }
  const missing = state.required.find((parameter) => parameters[parameter] === undefined);
  if (missing) throw new ProviderStateError(`The state "${name}" needs the parameter "${missing}".`);
  const { values, fault } = state.setUp(parameters as Record<string, string>, galleries, now);
  return { values: { ...images, ...values }, ...(fault && { fault }) };
}

type State = {
  required: string[];
  optional: string[];
  setUp(parameters: Record<string, string>, galleries: Galleries, now: number): Partial<EstablishedState>;
};

/** The names and parameters are those of `contracts/necid/verify/provider-states.ts`, which a test compares. */
const states: Record<string, State> = {
  "alice is registered": withOptional(["id"], ({ id }, galleries) =>
    register("alice?photo=1", { id, galleries }),
  ),
  "alice was unregistered": withOptional(["id"], ({ id }, galleries) => {
    checkId(id);
    return unregister({ id, galleries });
  }),
  "a face is registered": {
    required: ["face"],
    optional: ["id"],
    setUp: ({ face, id }, galleries) => register(face!, { id, galleries }),
  },
  "a face is not registered": {
    required: ["face"],
    optional: [],
    setUp: ({ face }, galleries) => removeFace(knownFace(face!).identity, galleries),
  },
  "a subject does not exist": withOptional(["id"], ({ id }, galleries) => unregister({ id, galleries })),
  "nobody is registered": withOptional([], (_, galleries) => {
    for (const { id } of [...galleries.own[0]!.list()]) galleries.own[0]!.remove(id);
    return {};
  }),
  "the stranger is not registered": withOptional([], (_, galleries) => removeFace("stranger", galleries)),
  "a subject has an event": {
    required: ["face"],
    optional: ["id", "tag"],
    setUp({ face, id, tag }, galleries) {
      const { values } = register(face!, { id, galleries });
      const gallery = galleries.own[0]!;
      if (tag !== undefined) {
        if (!gallery.tags.has(tag)) gallery.tags.create(tag);
        const found = gallery.tags.find([tag]);
        if ("tags" in found) gallery.replace(values.id, knownFace(face!), found);
      }
      return { values: { ...values, eventId: eventIdOf(gallery.get(values.id)!) } };
    },
  },
  "a tag exists": {
    required: ["name"],
    optional: [],
    setUp({ name }, { own: [gallery] }) {
      if (!gallery!.tags.has(name!)) gallery!.tags.create(name!);
      return {};
    },
  },
  "a tag does not exist": {
    required: ["name"],
    optional: [],
    setUp({ name }, { own: [gallery] }) {
      gallery!.tags.remove(name!);
      return {};
    },
  },
  "a bulk registration was started": withOptional(["batchId"], ({ batchId }, galleries, now) => {
    if (batchId !== undefined && !batchPattern.test(batchId)) {
      throw new ProviderStateError(
        'The parameter "batchId" must be batchguid- and 4-4-4-12 hexadecimal digits.',
      );
    }
    const given = batchId ?? galleries.newId().replace("necidguid", "batchguid");
    galleries.putJob(0, {
      batchId: given,
      records: [{ filename: "none.jpg", tags: new Set() }],
      started: now,
    });
    return { values: { batchId: given } };
  }),
  "the API key is unknown": refusing("Forbidden"),
  "the request is not signed": refusing("MissingAuthenticationToken"),
  "the access key is unknown": refusing("UnrecognizedClient"),
  "the signature has expired": refusing("SignatureExpired"),
};

/** The names of the states, and the parameters of each. */
export const stateParameters: Record<string, string[]> = Object.fromEntries(
  Object.entries(states).map(([name, { required, optional }]) => [name, [...required, ...optional]]),
);

function withOptional(optional: string[], setUp: State["setUp"]): State {
  return { required: [], optional, setUp };
}

/** The next call is refused by the gateway, whatever signature and key it has. */
function refusing(example: string): State {
  const fault: FaultRule = { fault: { status: 403, example }, when: { next: 1 }, times: 1 };
  return withOptional([], (_, galleries) => ({ values: { id: galleries.newId() }, fault }));
}

const batchPattern = /^batchguid-[0-9a-f]{4}(-[0-9a-f]{4}){2}-[0-9a-f]{12}$/i;

type Registered = { id: string | undefined; galleries: Galleries };

/** Afterwards exactly one subject has this face. */
function register(card: string, { id, galleries }: Registered): { values: { id: string } } {
  const face = knownFace(card);
  checkId(id);
  if (id === undefined) removeFace(face.identity, galleries);
  else for (const each of galleries.own) each.remove(id);
  const given = id ?? galleries.newId();
  galleries.put(0, given, face);
  return { values: { id: given } };
}

function checkId(id: string | undefined): void {
  if (id === undefined || idPattern.test(id)) return;
  throw new ProviderStateError('The parameter "id" must be necidguid- and 4-4-4-12 hexadecimal digits.');
}

function unregister({ id, galleries }: Registered): Partial<EstablishedState> {
  const given = id ?? galleries.newId();
  galleries.own[0]!.remove(given);
  return { values: { id: given } };
}

function removeFace(identity: string, { own: [gallery] }: Galleries): Partial<EstablishedState> {
  for (const subject of [...gallery!.list()]) if (subject.identity === identity) gallery!.remove(subject.id);
  return {};
}

function knownFace(card: string) {
  try {
    // The picture that a request with this card sends.
    const faces = readFaces(Buffer.from(face(card), "base64"));
    if (faces.length === 1) return faces[0]!;
  } catch {
    // Reported below, without the text.
  }
  throw new ProviderStateError('The parameter "face" must be a face card with one face, like alice?photo=2.');
}

function unknownParameter(name: string, { parameter, known }: { parameter: string; known: string[] }): Error {
  const takes = known.length === 0 ? "no parameters" : known.map((one) => `"${one}"`).join(" and ");
  return new ProviderStateError(`The state "${name}" does not take "${parameter}". It takes ${takes}.`);
}

import type { MadeCall, Session, Signing } from "../../verify/check.ts";
import type { EstablishedState, ProviderState, ProviderStates } from "../../verify/pact/provider-state.ts";
import type { NecIdVersion } from "../contract.ts";
import { parseFaceList } from "../faces/face-card.ts";
import { face } from "../faces/faces.ts";
import { imageAtTarget } from "./face-cards.ts";
import { createTag, lackTag, startJob, subjectWithEvent } from "./provider-states-v1.1.ts";

/**
 * The provider states that pacts may name, with their parameters and the values that each provides to its request.
 * In addition, a request may insert an image by its role, see `imageDescriptions`.
 *
 * `mocks/necid/provider-states.ts` sets up the same states for Pact's own Verifier.
 */
export const providerStates: ProviderStates = {
  "alice is registered": {
    description: "one subject has the face of alice",
    images: ["alice-1"],
    parameters: ["id"],
    valueNames: ["id"],
    problem: idProblem,
    setUp: (session, { id }) => register(session, { image: session.image("alice-1")!, id }),
  },
  "alice was unregistered": {
    description: "alice was registered and unregistered again",
    images: ["alice-1"],
    parameters: ["id"],
    valueNames: ["id"],
    problem: idProblem,
    setUp: unregisterAlice,
  },
  "a face is registered": {
    description: "one subject has the face of this face card",
    parameters: ["face", "id"],
    required: ["face"],
    valueNames: ["id"],
    problem: (parameters) => cardProblem(parameters) ?? idProblem(parameters),
    setUp: async (session, parameters) => {
      const { made: _, ...established } = await registerCard(session, parameters);
      return established;
    },
  },
  // The gallery is shared, so it cannot be emptied. Only the subjects of this run are absent.
  "a face is not registered": {
    description: "no subject has the face of this face card",
    parameters: ["face"],
    required: ["face"],
    problem: cardProblem,
    setUp: async () => ({}),
  },
  "a subject does not exist": {
    description: "no subject has this id",
    parameters: ["id"],
    valueNames: ["id"],
    setUp: async (_, { id = unknownId }) => ({ values: { id } }),
  },
  "nobody is registered": { description: "this run has no subject", setUp: async () => ({}) },
  "the stranger is not registered": {
    description: "no subject has the face of the stranger",
    setUp: async () => ({}),
  },
  "a subject has an event": {
    description: "v1.1: one subject has the face of this face card, with one event, which may have a tag",
    parameters: ["face", "id", "tag"],
    required: ["face"],
    valueNames: ["id", "eventId"],
    problem: (parameters) =>
      cardProblem(parameters) ?? idProblem(parameters) ?? tagProblem(parameters, "tag"),
    setUp: subjectWithEvent(registerCard),
  },
  "a tag exists": {
    description: "v1.1: the gallery has a tag of this name",
    parameters: ["name"],
    required: ["name"],
    problem: (parameters) => tagProblem(parameters, "name"),
    setUp: createTag,
  },
  "a tag does not exist": {
    description: "v1.1: the gallery has no tag of this name",
    parameters: ["name"],
    required: ["name"],
    problem: (parameters) => tagProblem(parameters, "name"),
    setUp: lackTag,
  },
  "a bulk registration was started": {
    description: "v1.1: a bulk registration has one file, which shows nobody",
    parameters: ["batchId"],
    valueNames: ["batchId"],
    problem: batchProblem,
    setUp: startJob,
  },
  "the API key is unknown": refused("unknown api key", "the request has an API key that nobody has"),
  "the request is not signed": refused("none", "the request has neither a signature nor an API key"),
  "the access key is unknown": refused("unknown access key", "the request is signed by nobody known"),
  "the signature has expired": refused("expired", "the request was signed an hour ago"),
};

/** The states that a pact of a version may name. */
export function providerStatesOf(version: NecIdVersion): ProviderStates {
  if (version === "v1.1") return providerStates;
  const ofV1 = Object.entries(providerStates).filter(
    ([, { description }]) => !description.startsWith("v1.1: "),
  );
  return Object.fromEntries(ofV1);
}

/** What `${alice-1}` and the like stand for in a request. */
const imageDescriptions: Record<string, string> = {
  "alice-1": "a photo of alice, the one that is registered",
  "alice-2": "another photo of alice",
  bob: "a photo of somebody else",
  stranger: "a photo of somebody whom nobody registers",
  group: "three people",
  crowd: "more than twenty people",
  none: "an image without a face",
  blurred: "a photo of alice whose quality is too low",
};

/** The states, their parameters and their values, and the images, as text. */
export function describeProviderStates(): string {
  const states = Object.entries(providerStates).map(([name, state]) => {
    const { description, parameters = [], required = [], valueNames = [] } = state;
    const takes = parameters.map((one) => (required.includes(one) ? one : `${one}?`)).join(", ");
    const gives = valueNames.map((one) => `\${${one}}`).join(", ");
    return [
      `  ${name}`,
      `      ${description}`,
      ...(takes ? [`      parameters: ${takes}`] : []),
      ...(gives ? [`      values: ${gives}`] : []),
    ].join("\n");
  });
  const images = Object.entries(imageDescriptions).map(
    ([role, description]) => `  ${`\${${role}}`.padEnd(14)}${description}`,
  );
  return [
    "Provider states that a pact may name. Parameters with ? are optional.",
    "",
    ...states,
    "",
    "Images that a request may insert, in every state:",
    "",
    ...images,
    "",
  ].join("\n");
}

const unknownId = "necidguid-0000-0000-0000-000000000000";

function refused(signing: Signing, description: string): ProviderState {
  return { description, valueNames: ["id"], setUp: async () => ({ signing, values: { id: unknownId } }) };
}

type Problem = ReturnType<NonNullable<ProviderState["problem"]>>;

function cardProblem({ face: card = "" }: Record<string, string>): Problem {
  const read = parseFaceList(card);
  const parameter = "face";
  if ("problem" in read) return { parameter, problem: `is no face card: ${read.problem}` };
  return read.faces.length === 1 ? undefined : { parameter, problem: "must be a face card with one face" };
}

function tagProblem(parameters: Record<string, string>, parameter: string): Problem {
  const name = parameters[parameter];
  const isName = name === undefined || (name.length >= 1 && name.length <= 64);
  return isName ? undefined : { parameter, problem: "must be the name of a tag" };
}

function batchProblem({ batchId }: Record<string, string>): Problem {
  const isId =
    batchId === undefined || /^batchguid-[0-9a-f]{4}(-[0-9a-f]{4}){2}-[0-9a-f]{12}$/i.test(batchId);
  const problem = "must be batchguid- and 4-4-4-12 hexadecimal digits";
  return isId ? undefined : { parameter: "batchId", problem };
}

/** The id is looked for in requests and responses, so it must be one that stands for nothing else. */
function idProblem({ id }: Record<string, string>): Problem {
  const isId = id === undefined || /^necidguid-[0-9a-f]{4}(-[0-9a-f]{4}){2}-[0-9a-f]{12}$/i.test(id);
  const problem = "must be necidguid- and 4-4-4-12 hexadecimal digits";
  return isId ? undefined : { parameter: "id", problem };
}

/** The service chooses the id; a request may use the given one in its place. */
async function register(
  session: Session,
  { image, id: given }: { image: string; id: string | undefined },
): Promise<EstablishedState & { made: MadeCall }> {
  const { made, id } = await session.register({ face: image, purpose: "register alice" });
  if (id === undefined) return { made, failed: { made, expected: 201 } };
  return { made, values: { id }, ...(given !== undefined && { aliases: { [given]: id } }) };
}

function registerCard(session: Session, { face: card, id }: Record<string, string>) {
  return register(session, { image: imageAtTarget(session, face(card!))!, id });
}

async function unregisterAlice(
  session: Session,
  { id: given }: Record<string, string>,
): Promise<EstablishedState> {
  const registered = await register(session, { image: session.image("alice-1")!, id: given });
  const { id } = registered.values ?? {};
  if (id === undefined) return registered;
  const unregister = {
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: `/subjects/${encodeURIComponent(id)}`,
  };
  const made = await session.call({ ...unregister, purpose: "unregister alice" });
  // Without this call, a 204 without effect would be reported as a mismatch of the interaction.
  const again = await session.call({ ...unregister, purpose: "unregister alice again" });
  if (made.response.status !== 204) return { failed: { made, expected: 204 } };
  const isGone = session.planning || again.response.status === 404;
  return isGone ? registered : { failed: { made: again, expected: 404 } };
}

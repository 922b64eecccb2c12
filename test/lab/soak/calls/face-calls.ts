import {
  type Call,
  type Client,
  checker,
  type Expected,
  type Kind,
  newPicture,
  ofCard,
  ofGone,
  ofOwn,
  panComplaint,
  type Subject,
} from "./call.ts";
import { type Picture, panOf, textCard } from "./pictures.ts";

/** Verify, search and extract. */
export const faceCalls: Record<string, Kind> = {
  "verify, same picture": {
    weight: 10,
    plan: (client) => ofOwn(client, ({ id, picture }) => verify(id, picture, verified(id, identical))),
  },
  "verify, another photo": {
    weight: 4,
    plan: (client) =>
      ofCard(client, ({ id, picture }) => verify(id, again(client, picture), verified(id, alike))),
  },
  "verify, somebody else": {
    weight: 4,
    plan: (client) => ofOwn(client, ({ id }) => verify(id, newPicture(client), notFound)),
  },
  "verify after unregister": {
    weight: 2,
    plan: (client) => ofGone(client, (id) => verify(id, newPicture(client), notFound)),
  },
  "verify in the other gallery": {
    weight: 0.5,
    plan: (client) =>
      ofOwn(client, ({ id, picture }) => ({ ...verify(id, picture, notFound), apiKey: client.otherApiKey })),
  },
  "search, same picture": {
    weight: 7,
    plan: (client) => ofOwn(client, ({ picture }) => search(client, picture, {})),
  },
  "search, another photo": {
    weight: 2,
    plan: (client) => ofCard(client, ({ picture }) => search(client, again(client, picture), {})),
  },
  "search, best only": {
    weight: 1,
    plan: (client) => ofOwn(client, ({ picture }) => search(client, picture, { limit: 1 })),
  },
  "search, identical only": {
    weight: 1,
    plan: (client) => ofOwn(client, ({ picture }) => search(client, picture, { threshold: identical.from })),
  },
  "search, everybody": {
    weight: 1,
    plan: (client) =>
      ofOwn(client, ({ picture }) =>
        search(client, picture, { threshold: 0, limit: 1 + Math.trunc(client.random() * 50) }),
      ),
  },
  "search, nobody": { weight: 4, plan: (client) => search(client, newPicture(client), {}) },
  extract: { weight: 4, plan: (client) => extract(client, 1 + Math.trunc(client.random() * 5)) },
  "extract, a crowd": { weight: 0.2, plan: (client) => extract(client, 25) },
  "extract, nobody": { weight: 0.5, plan: () => extracting(textCard("none"), notFound) },
};

type Range = { from: number; to: number };
const identical: Range = { from: 9999, to: 9999 };
const alike: Range = { from: 7000, to: 9950 };
const strangers: Range = { from: 0, to: 3999 };
const mostExtracted = 20;
const notFound: Expected = { status: 404, text: "" };

function again(client: Client, { person }: Picture): Picture {
  return newPicture(client, { person });
}

function verify(id: string, { image }: Picture, expected: Expected): Call {
  const operation = "ApiFaceVerifyPost";
  const body = JSON.stringify({ probe: image, id });
  return { method: "POST", path: "/face/verify", operation, body, check: checker(operation, expected) };
}

function verified(id: string, range: Range): Expected {
  return {
    status: 200,
    body(candidate) {
      if (candidate.id !== id) return `the id ${candidate.id} instead of ${id}`;
      return isIn(range, candidate.score) ? undefined : `the score ${candidate.score}`;
    },
  };
}

function search(client: Client, probe: Picture, options: { threshold?: number; limit?: number }): Call {
  const operation = "ApiFaceSearchPost";
  const since = client.knownSubjects.now();
  const lookedFor = { probe, since, threshold: 7000, limit: 10, ...options };
  const found = reachable(client, lookedFor).length > 0 || lookedFor.threshold === 0;
  const expected: Expected = {
    status: 200,
    body: ({ candidates, attributes }) =>
      panComplaint(attributes, probe) ?? candidatesComplaint(client, candidates, lookedFor),
  };
  return {
    method: "POST",
    path: "/face/search",
    operation,
    body: JSON.stringify({ probe: probe.image, ...options }),
    check: checker(operation, found ? expected : notFound),
  };
}

type LookedFor = { probe: Picture; since: number; threshold: number; limit: number };
type Candidate = { id: string; score: number };

/** Those of the same person that the client itself registered; names are its own, so that there are no others. */
function reachable(client: Client, { probe, threshold }: LookedFor): Subject[] {
  return client.own.filter(
    ({ picture }) =>
      picture.person === probe.person && (threshold <= alike.from || picture.image === probe.image),
  );
}

function candidatesComplaint(
  client: Client,
  candidates: Candidate[],
  lookedFor: LookedFor,
): string | undefined {
  const { probe, since, threshold, limit } = lookedFor;
  const mine = new Map(reachable(client, lookedFor).map(({ id, picture }) => [id, picture]));
  const least = threshold > strangers.to ? mine.size : client.knownSubjects.size(client.application) - slack;
  const ids = new Set(candidates.map(({ id }) => id));
  if (ids.size !== candidates.length) return "a candidate twice";
  if (candidates.length > limit || candidates.length < Math.min(limit, least))
    return `${candidates.length} candidates, of ${least} at limit ${limit}`;
  if (candidates.some(({ score }, place) => place > 0 && score > candidates[place - 1]!.score))
    return "candidates that are not sorted by their score";

  for (const [place, { id, score }] of candidates.entries()) {
    const picture = mine.get(id);
    if (!picture && place < mine.size) return `${id} before the person's own ${mine.size} pictures`;
    const range = picture ? (picture.image === probe.image ? identical : alike) : strangers;
    if (!isIn(range, score) || score < threshold) return `the score ${score} of candidate ${place + 1}`;
    if (!picture && !client.knownSubjects.sighted(client.application, id, since))
      return `${id}, who was not in the gallery`;
  }
  return undefined;
}

/** More clients than this never register or unregister at the same moment. */
const slack = 64;

function isIn({ from, to }: Range, score: number): boolean {
  return score >= from && score <= to;
}

function extract(client: Client, people: number): Call {
  const serials = Array.from({ length: people }, () => client.nextSerial());
  const list = serials.map((serial) => `${client.name}-${serial}?pan=${panOf(serial)}`).join(";");
  const pans = serials.slice(0, mostExtracted).map(panOf);
  return extracting(textCard(list), {
    status: 200,
    body({ faces }: { faces: { attributes: { facePan: string } }[] }) {
      const given = faces.map(({ attributes }) => attributes.facePan);
      return given.join() === pans.join() ? undefined : `the faces ${given} instead of ${pans}`;
    },
  });
}

function extracting(faces: string, expected: Expected): Call {
  const operation = "ApiFaceExtractPost";
  const body = JSON.stringify({ faces });
  return { method: "POST", path: "/face/extract", operation, body, check: checker(operation, expected) };
}

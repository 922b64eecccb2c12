import fc from "fast-check";
import { expect, test } from "vitest";
import v1 from "#generated/necid-v1/openapi.json" with { type: "json" };
import * as v1Validators from "#generated/necid-v1/validators.js";
import v11 from "#generated/necid-v1.1/openapi.json" with { type: "json" };
import * as v11Validators from "#generated/necid-v1.1/validators.js";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import { decodeBase64 } from "../../../mocks/http/base64.ts";
import { necIdService } from "../../../mocks/necid/service.ts";
import { createRandom } from "../../../mocks/random/random.ts";
import type { ServiceResponse } from "../../../mocks/world/service.ts";
import { card } from "./open-service.ts";

const seed = Number(process.env.FC_SEED ?? 20_261_125);
/** Of 18 steps on average. */
const sequences = 500;

test(`${sequences} random sequences over both versions respond as one simple model does (FC_SEED=${seed})`, () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40, size: "max" }), (sequence) => {
      const run = open();
      for (const step of sequence) run[step.name](step as never);
      run.compareList();
    }),
    { seed, numRuns: sequences },
  );
}, 120_000);

const people = ["alice", "bob", "carol"];
const names = ["visitor", "staff"];
const index = fc.nat({ max: 7 });
const person = fc.constantFrom(...people);
const tags = fc.option(fc.subarray(names), { nil: undefined });
const version = fc.constantFrom("v1" as const, "v1.1" as const);
const steps = fc.oneof(
  fc.record({ name: fc.constant("register" as const), version, person, tags }),
  fc.record({ name: fc.constant("update" as const), version, index, person }),
  fc.record({ name: fc.constant("unregister" as const), version, index }),
  fc.record({ name: fc.constant("addEvent" as const), index, person, tags }),
  fc.record({ name: fc.constant("updateEvent" as const), index, event: index, person, tags }),
  fc.record({ name: fc.constant("removeEvent" as const), index, event: index }),
  fc.record({ name: fc.constant("search" as const), version, person, tags }),
  fc.record({ name: fc.constant("verify" as const), version, index, person }),
  fc.record({ name: fc.constant("createTag" as const), tag: fc.constantFrom(...names) }),
  fc.record({
    name: fc.constant("renameTag" as const),
    from: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
  }),
  fc.record({ name: fc.constant("deleteTag" as const), tag: fc.constantFrom(...names) }),
);

/** The simple model: every event in one list, in the order of registration. */
type Event = { id: string; eventId: string; person: string; tags: Set<{ name: string }>; deleted: boolean };

/** A service, and the model that says what it must respond. */
function open() {
  const state = necIdService.open({ apiKeys: ["key"], random: createRandom("model"), now: () => 0 });
  const events: Event[] = [];
  const subjects: string[] = [];
  let known: { name: string }[] = [];
  const active = (id: string) => events.filter((event) => event.id === id && !event.deleted);
  const subject = (place: number) => subjects[place % Math.max(1, subjects.length)] ?? "nobody";
  const find = (wanted: readonly string[]) => wanted.map((name) => known.find((tag) => tag.name === name));

  function ask(version: "v1" | "v1.1", key: string, { body, path = {}, query }: Asked): ServiceResponse {
    const { operations, validation } = contracts[version];
    const response = state.respond({
      operation: operations.get(key)!,
      contract: `necid-${version}`,
      application: "key",
      body,
      pathParameters: path,
      query,
      hasApiKey: true,
      decodeBase64,
    })!;
    const mediaType = response.body === undefined ? undefined : "application/json";
    expect(validation.response(key, { ...response, mediaType, headers: ids })).toEqual([]);
    return response;
  }

  const pathOf = (version: "v1" | "v1.1", id: string): Record<string, string> =>
    version === "v1" ? { id } : { subjectId: id };
  const unknownTag = (wanted: readonly string[] = []) => find(wanted).includes(undefined);
  const tagsOf = (wanted: readonly string[] = []) => new Set(find(wanted).map((tag) => tag!));

  return {
    register({ version, person, tags }: { version: "v1" | "v1.1"; person: string; tags?: string[] }) {
      const given = version === "v1" ? undefined : tags;
      const body = { face: card(person), ...(given && { tags: given }) };
      const response = ask(version, "ApiSubjectsPost", { body });
      if (unknownTag(given)) return expect(response.status).toBe(400);
      expect(response.status).toBe(201);
      const {
        id,
        eventId = eventsFrom(
          ask("v1.1", "ApiSubjectsByIdEventsGet", { path: { subjectId: (response.body as Ids).id } }),
        )[0]!,
      } = response.body as Ids;
      subjects.push(id);
      return void events.push({ id, eventId, person, tags: tagsOf(given), deleted: false });
    },
    update({ version, index, person }: { version: "v1" | "v1.1"; index: number; person: string }) {
      const id = subject(index);
      const response = ask(version, "ApiSubjectsByIdPut", {
        path: pathOf(version, id),
        body: { face: card(person) },
      });
      const [first] = active(id);
      expect(response.status).toBe(first ? 200 : 404);
      if (first) first.person = person;
    },
    unregister({ version, index }: { version: "v1" | "v1.1"; index: number }) {
      const id = subject(index);
      const response = ask(version, "ApiSubjectsByIdDelete", { path: pathOf(version, id) });
      expect(response.status).toBe(active(id).length > 0 ? 204 : 404);
      for (const event of active(id)) event.deleted = true;
    },
    addEvent({ index, person, tags }: { index: number; person: string; tags?: string[] }) {
      const id = subject(index);
      const body = { face: card(person), ...(tags && { tags }) };
      const response = ask("v1.1", "ApiSubjectsByIdEventsPost", { path: { subjectId: id }, body });
      if (unknownTag(tags)) return expect(response.status).toBe(400);
      if (active(id).length === 0) return expect(response.status).toBe(404);
      expect(response.status).toBe(201);
      const { eventId } = response.body as Required<Ids>;
      return void events.push({ id, eventId, person, tags: tagsOf(tags), deleted: false });
    },
    updateEvent({
      index,
      event,
      person,
      tags,
    }: {
      index: number;
      event: number;
      person: string;
      tags?: string[];
    }) {
      const id = subject(index);
      const found = active(id)[event % Math.max(1, active(id).length)];
      const path = { subjectId: id, eventId: found?.eventId ?? "nothing" };
      const body = { face: card(person), ...(tags && { tags }) };
      const response = ask("v1.1", "ApiSubjectsByIdEventByIdPut", { path, body });
      if (unknownTag(tags)) return expect(response.status).toBe(400);
      expect(response.status).toBe(found ? 200 : 404);
      if (found) Object.assign(found, { person, ...(tags && { tags: tagsOf(tags) }) });
      return undefined;
    },
    removeEvent({ index, event }: { index: number; event: number }) {
      const id = subject(index);
      const found = active(id)[event % Math.max(1, active(id).length)];
      const path = { subjectId: id, eventId: found?.eventId ?? "nothing" };
      expect(ask("v1.1", "ApiSubjectsByIdEventByIdDelete", { path }).status).toBe(found ? 204 : 404);
      if (found) found.deleted = true;
    },
    search({ version, person, tags }: { version: "v1" | "v1.1"; person: string; tags?: string[] }) {
      const given = version === "v1" ? undefined : tags;
      const body = { probe: card(person), limit: 50, ...(given && { tags: given }) };
      const response = ask(version, "ApiFaceSearchPost", { body });
      if (unknownTag(given)) return expect(response.status).toBe(400);
      const wanted = tagsOf(given);
      const seen = events.filter(
        (event) =>
          !event.deleted &&
          event.person === person &&
          (!given || [...event.tags].some((tag) => wanted.has(tag))),
      );
      const { candidates = [] } = (response.body ?? {}) as { candidates?: (Ids & { events?: Ids[] })[] };
      expect(candidates.map(({ id }) => id).sort()).toEqual([...new Set(seen.map(({ id }) => id))].sort());
      if (version === "v1.1") {
        const found = candidates.flatMap((candidate) => candidate.events!.map(({ id }) => id));
        expect(found.sort()).toEqual(seen.map(({ eventId }) => eventId).sort());
      }
      return expect(response.status).toBe(seen.length > 0 ? 200 : 404);
    },
    verify({ version, index, person }: { version: "v1" | "v1.1"; index: number; person: string }) {
      const id = subject(index);
      const { status } = ask(version, "ApiFaceVerifyPost", { body: { id, probe: card(person) } });
      expect(status).toBe(active(id).some((event) => event.person === person) ? 200 : 404);
    },
    createTag({ tag }: { tag: string }) {
      const isTaken = known.some(({ name }) => name === tag);
      expect(ask("v1.1", "CreateTag", { path: { name: tag } }).status).toBe(isTaken ? 400 : 200);
      if (!isTaken) known.push({ name: tag });
    },
    renameTag({ from, to }: { from: string; to: string }) {
      const tag = known.find(({ name }) => name === from);
      const isTaken = from !== to && known.some(({ name }) => name === to);
      const { status } = ask("v1.1", "UpdateTag", { path: { name: from }, body: { newName: to } });
      expect(status).toBe(!tag ? 404 : isTaken ? 400 : 200);
      if (tag && !isTaken) tag.name = to;
    },
    deleteTag({ tag }: { tag: string }) {
      const isKnown = known.some(({ name }) => name === tag);
      expect(ask("v1.1", "DeleteTag", { path: { name: tag } }).status).toBe(isKnown ? 200 : 404);
      known = known.filter(({ name }) => name !== tag);
    },
    compareList() {
      expect(ask("v1.1", "Get", {}).body).toEqual(known.map(({ name }) => name));
      const response = ask("v1.1", "ApiSubjectsGet", {});
      const rows =
        ((response.body ?? {}) as { subjects?: { id: string; eventId: string; status: string }[] })
          .subjects ?? [];
      expect(rows.map(({ id, eventId, status }) => [id, eventId, status])).toEqual(
        events.map(({ id, eventId, deleted }) => [id, eventId, deleted ? "D" : "A"]),
      );
      const saved = JSON.stringify(state.save());
      state.load(JSON.parse(saved));
      expect(JSON.stringify(state.save())).toBe(saved);
    },
  };
}

type Asked = { body?: unknown; path?: Record<string, string>; query?: Record<string, string> };
type Ids = { id: string; eventId?: string };

const ids = {
  "x-amzn-requestid": "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
  "x-amz-apigw-id": "KbXq3GmZywMFhTA=",
};

function contractOf(openapi: object, validators: object) {
  return {
    operations: new Map(readOperations(openapi as never).map((operation) => [operation.key, operation])),
    validation: createValidation(validators as Validators),
  };
}
const contracts = { v1: contractOf(v1, v1Validators), "v1.1": contractOf(v11, v11Validators) };

function eventsFrom({ body }: ServiceResponse): string[] {
  return (body as { events: Ids[] }).events.map(({ id }) => id);
}

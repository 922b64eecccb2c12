import createFetchClient from "openapi-fetch";
import { expect, expectTypeOf, test } from "vitest";
import type { SignedClient } from "../../../contracts/client/client.ts";
import type { NecIdClient } from "../../../contracts/necid/client.ts";
import { calls } from "../../../generated/necid-v1/client.js";
import type { paths } from "../../../generated/necid-v1/schema.d.ts";
import type { Paths } from "../world.ts";

const face = "4pyT";
const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const byId = { params: { path: { id } } };

// The functions below are compiled and never called. The compiler fails where a line that must not compile does.

test("a misspelled or unknown property does not compile in a call by operationId", () => {
  const compiled = async ({ operations }: NecIdClient) => {
    // @ts-expect-error a misspelled property of a body
    await operations.ApiFaceSearchPost({ body: { probe: face, treshold: 1 } });
    // @ts-expect-error an unknown property beside all documented ones
    await operations.ApiFaceSearchPost({ body: { probe: face, threshold: 1, limit: 1, order: "up" } });
    // @ts-expect-error an unknown property of a registration
    await operations.ApiSubjectsPost({ body: { face, name: "alice" } });
    // @ts-expect-error an unknown property of an update
    await operations.ApiSubjectsByIdPut({ ...byId, body: { face, id } });
    // @ts-expect-error an unknown property of extract
    await operations.ApiFaceExtractPost({ body: { faces: face, face } });
    // @ts-expect-error an unknown property of verify
    await operations.ApiFaceVerifyPost({ body: { probe: face, id, threshold: 1 } });
    // @ts-expect-error a body where none is documented
    await operations.ApiSubjectsByIdDelete({ ...byId, body: { face } });
    // @ts-expect-error an unknown path parameter
    await operations.ApiSubjectsByIdDelete({ params: { path: { id, subject: id } } });
    // @ts-expect-error a misspelled group of parameters
    await operations.ApiSubjectsByIdDelete({ params: { path: { id }, qurey: {} } });
    // @ts-expect-error a misspelled option
    await operations.ApiSubjectsPost({ body: { face }, parsAs: "text" });
    // @ts-expect-error a body of another type
    await operations.ApiSubjectsPost({ body: { face: 1 } });
    // @ts-expect-error no body
    await operations.ApiSubjectsPost();
    // @ts-expect-error no path parameter
    await operations.ApiSubjectsByIdDelete();
  };
  expect(compiled).toBeTypeOf("function");
});

test("a misspelled or unknown property does not compile in a call by path", () => {
  const compiled = async (client: NecIdClient) => {
    // @ts-expect-error a misspelled property of a body
    await client.POST("/face/search", { body: { probe: face, treshold: 1 } });
    // @ts-expect-error an unknown property of a registration
    await client.POST("/subjects", { body: { face, name: "alice" } });
    // @ts-expect-error an unknown property of an update
    await client.PUT("/subjects/{id}", { ...byId, body: { face, id } });
    // @ts-expect-error a body where none is documented
    await client.DELETE("/subjects/{id}", { ...byId, body: { face } });
    // @ts-expect-error an unknown path parameter
    await client.DELETE("/subjects/{id}", { params: { path: { id, subject: id } } });
    // @ts-expect-error a misspelled option
    await client.GET("/health", { parsAs: "text" });
    // @ts-expect-error an unknown path
    await client.GET("/helth");
    // @ts-expect-error a method that the path does not have
    await client.GET("/subjects");
    // @ts-expect-error a misspelled property of a body, by the name of the method
    await client.request("post", "/face/search", { body: { probe: face, treshold: 1 } });
    // @ts-expect-error no body
    await client.POST("/subjects");
  };
  expect(compiled).toBeTypeOf("function");
});

test("the same holds for the types of another API, and for generated calls on openapi-fetch's own client", () => {
  const compiled = async (client: SignedClient<Paths>) => {
    // @ts-expect-error a misspelled property of a body
    await client.POST("/face/search", { body: { probe: face, treshold: 1 } });
    // @ts-expect-error a misspelled group of parameters
    await client.GET("/subjects/{id}", { params: { path: { id }, qurey: {} } });
    const plain = calls(createFetchClient<paths>());
    // @ts-expect-error a misspelled property of a body
    await plain.ApiFaceSearchPost({ body: { probe: face, treshold: 1 } });
  };
  expect(compiled).toBeTypeOf("function");
});

test("what an operation documents compiles, and its result has its types", () => {
  const compiled = async (client: NecIdClient) => {
    const { signal } = new AbortController();
    const found = await client.operations.ApiFaceSearchPost({
      body: { probe: face, threshold: 1 },
      headers: { "x-api-key": "another-gallery" },
      signal,
    });
    expectTypeOf(found.data!.candidates).toBeArray();
    const health = await client.GET("/health");
    expectTypeOf(health.data?.status).toExtend<string | undefined>();
    const text = await client.GET("/health", { parseAs: "text" });
    expectTypeOf(text.data).toEqualTypeOf<string | undefined>();
    const bytes = await client.operations.ApiSubjectsPost({ body: { face }, parseAs: "arrayBuffer" });
    expectTypeOf(bytes.data).toEqualTypeOf<ArrayBuffer | undefined>();
    const sent = await client.request("post", "/subjects", { body: { face } });
    expectTypeOf(sent.data?.id).toEqualTypeOf<string | undefined>();
    await client.operations.ApiSubjectsByIdDelete(byId);
  };
  expect(compiled).toBeTypeOf("function");
});

import type { Client } from "openapi-fetch";
import { expect, expectTypeOf, test } from "vitest";
import { isStatus } from "../../../contracts/client/client.ts";
import type { BodyOf } from "../../../contracts/client/status.ts";
import { clientOver, json, type Paths } from "../world.ts";

const body = { face: "4pyT" };

test("isStatus narrows error to the body of its status", async () => {
  const { client } = clientOver([json(400, { message: "face property must be provided.", errorCode: 1001 })]);
  const result = await client.POST("/subjects", { body });

  if (isStatus(result, 403)) expect.unreachable();
  if (!isStatus(result, 400)) return expect.unreachable();
  expectTypeOf(result.error.errorCode).toEqualTypeOf<number>();
  expectTypeOf(result.response.status).toEqualTypeOf<400>();
  expect(result.error.errorCode).toBe(1001);
});

test("isStatus narrows data to the body of its status", async () => {
  const { client } = clientOver([json(201, { id: "1" })]);
  const result = await client.POST("/subjects", { body });
  if (!isStatus(result, 201)) return expect.unreachable();
  expectTypeOf(result.data).toEqualTypeOf<{ id: string }>();
  expect(result.data.id).toBe("1");
});

test("the compiler refuses what an operation does not document", () => {
  // Compiled and never called.
  const never = async (client: Client<Paths>) => {
    const result = await client.POST("/subjects", { body });
    // @ts-expect-error the operation documents no 418
    isStatus(result, 418);
    // @ts-expect-error before narrowing, error may be any of its bodies
    result.error?.errorCode;
    // @ts-expect-error the body of 403 has no errorCode
    if (isStatus(result, 403)) result.error.errorCode;
    // @ts-expect-error the body of 413 is text
    if (isStatus(result, 413)) result.error.message;
    // @ts-expect-error a registration wants a face
    await client.POST("/subjects", { body: {} });
    // @ts-expect-error a path parameter is wanted
    await client.DELETE("/subjects/{id}");
  };
  expect(never).toBeTypeOf("function");
});

test("BodyOf reads a status's body from an operation", () => {
  type Register = Paths["/subjects"]["post"];
  expectTypeOf<BodyOf<Register, 400>>().toEqualTypeOf<{ message: string; errorCode: number }>();
  expectTypeOf<BodyOf<Register, 413>>().toEqualTypeOf<string>();
  expectTypeOf<BodyOf<Register, 404>>().toEqualTypeOf<undefined>();
  expectTypeOf<BodyOf<Register, 418>>().toEqualTypeOf<never>();
});

import { face } from "necid-contract-kit/faces";
import { expect, test } from "necid-contract-kit/vitest";
import { whoIsThere } from "./gate.js";

const photo = (name: string) => new Blob([Buffer.from(face(name), "base64")]);

test("a registered person is known", async ({ necid }) => {
  const { data } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
  expect(await whoIsThere(necid.client, photo("alice?photo=2"))).toBe(data!.id);
});

test("a stranger is not", async ({ necid }) => {
  expect(await whoIsThere(necid.client, photo("bob"))).toBe("nobody we know");
});

test("an error that the operation does not document does not compile", async ({ necid }) => {
  // @ts-expect-error an error of other operations
  expect(() => necid.next("unregister").answers("NoFace")).toThrow("NoFace");
});

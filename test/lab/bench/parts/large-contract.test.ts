import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import { startMock } from "../../../../mocks/mock.ts";
import { contractOf } from "../../../../tools/commands/mock-spec.ts";
import { buildContract } from "../../../../tools/generate/read/contract.ts";
import { largeContract, order, orderPath } from "./large-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([10, 100])(
  "a contract of %i operations is sound, and its last resource takes the order",
  async (size) => {
    const spec = join(folder, "contract.json");
    writeFileSync(spec, JSON.stringify(largeContract(size)));
    const { warnings } = await buildContract({ spec });
    const contract = await contractOf({ spec });
    expect([readOperations(contract.openapi).length, warnings]).toEqual([size, []]);

    const mock = await startMock({ contract });
    const post = (body: unknown) =>
      fetch(`http://127.0.0.1:${mock.port}${orderPath(size)}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const statuses = [(await post(order)).status, (await post({ ...order, priority: "soon" })).status];
    await mock.close();
    expect(statuses).toEqual([201, 400]);
  },
);

test("a schema of it takes about 1 kB", () => {
  const { components } = largeContract(10) as { components: { schemas: Record<string, object> } };
  const size = JSON.stringify(components.schemas.Order0).length;
  expect(size).toBeGreaterThan(800);
  expect(size).toBeLessThan(1200);
});

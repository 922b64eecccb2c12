import { defineConfig } from "vitest/config";

/** Tests of the programs that measure the product. They do not guard the product itself. */
const labTests = ["test/lab/bench/**/*.test.ts", "test/lab/**/*.lab.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    setupFiles: "test/without-colour.ts",
    // By default one core is left alone, of two the half. Tests wait for other processes most of the time.
    maxWorkers: "100%",
    // A limit for what hangs. It is far above what any test takes on a machine that is busy with other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "product",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...labTests],
        },
      },
      {
        extends: true,
        test: { name: "lab", include: labTests, exclude: ["**/node_modules/**"] },
      },
    ],
  },
});

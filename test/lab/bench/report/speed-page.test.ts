import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import type { Figures } from "./figures.ts";
import { formatTable } from "./format-table.ts";
import { withFigures } from "./speed-page.ts";
import { type Measurement, summarise } from "./summarise.ts";
import { loadTable, partTables } from "./tables.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

const speeds: Record<string, Record<string, [status: number, speed: number]>> = {
  register: {
    "bare node:http": [201, 50_000],
    "mock, signed, strict": [201, 25_000],
    "Prism CLI": [201, 2_000],
    "prism.request": [201, 10_000],
  },
  delete: {
    "bare node:http": [404, 60_000],
    "mock, signed, strict": [404, 30_000],
    "Prism CLI": [204, 2_400],
  },
};
const measurements = Object.entries(speeds).flatMap(([scenario, all]) =>
  Object.entries(all).map(([name, [status, requestsPerSecond]]): Measurement => {
    const memoryBytes = name === "prism.request" ? undefined : 80e6;
    return { scenario, name, status, requestsPerSecond, round: 1, p50Ms: 0.25, p99Ms: 1.5, memoryBytes };
  }),
);
const figures: Figures = {
  machine: {
    processor: "A processor",
    cores: 2,
    node: "v24.21.0",
    date: "2026-11-23T06:00:00.000Z",
    loadAverageBefore: 0.1,
  },
  run: { rounds: 3, seconds: 1, warmUpSeconds: 1, connections: 16, bodyBytes: 199, took: 570 },
  ...summarise(measurements, { bare: "bare node:http", prism: "Prism CLI", wiremock: "WireMock" }),
  skipped: [{ name: "WireMock", reason: "no java" }],
  measurements,
  othersBusy: [0.01],
  firstResponses: [{ name: "mock, from source", ms: [300, 250, 900] }],
  generation: { coldMs: [2400, 2300, 2500], unchangedMs: [300, 310, 320] },
  verification: { ms: [2700, 2600, 2800], summary: "408 calls, 155 checks passed" },
  pictures: [
    {
      ...{ call: "register", letters: 8_000_000, name: "bare node:http" },
      ...{ requestsPerSecond: [100, 50, 125], p99Ms: [9, 10, 11], processorMs: [8, 8, 8] },
      ...{ passesMs: [20, 20, 20], memoryBytes: [1e8, 1e8, 1e8] },
    },
    {
      ...{ call: "register", letters: 8_000_000, name: "mock, signed, strict" },
      ...{ requestsPerSecond: [25, 12.5, 50], p99Ms: [90, 100, 110], processorMs: [24, undefined, 24] },
      ...{ passesMs: [20, 20, 20], memoryBytes: [2e8, 2e8, 2e8] },
    },
    {
      ...{ call: "register", letters: 8_000_000, name: "WireMock", refused: "it answered 413" },
      ...{ requestsPerSecond: [], p99Ms: [], processorMs: [], passesMs: [], memoryBytes: [] },
    },
  ],
  uploads: [
    {
      ...{ name: "bare node:http", uploads: 32, letters: 5_000_000, uploadsPerSecond: [300] },
      ...{ p50Ms: [3], p99Ms: [9], memoryBytes: [3e8] },
    },
  ],
  signing: [{ name: "aws4", perSecond: { "100 B": 40_000, "200 kB": 7_000 } }],
  contracts: [
    {
      operations: 10,
      fileBytes: 30_000,
      firstResponseMs: [500],
      requestsPerSecond: [2000],
      memoryBytes: [1e8],
    },
    {
      operations: 1000,
      fileBytes: 2_900_000,
      firstResponseMs: [9000],
      requestsPerSecond: [500],
      memoryBytes: [7e8],
    },
  ],
};

const section = `<!-- bench -->
Signed, validated, stored registrations: 25,000 a second, 0.500 of bare node:http, 12.50 times stock Prism CLI, p99 1.50 ms.

| register | requests/s | spread | p50 | p99 | memory | to bare | to Prism CLI |
|---|--:|--:|--:|--:|--:|--:|--:|
| bare node:http: reads the body, gives a fixed answer | 50,000 | 0 % | 0.25 ms | 1.50 ms | 80 MB | 1.00 | 25.00 |
| mock, signed, strict: verifies signature and API key, validates, stores | 25,000 | 0 % | 0.25 ms | 1.50 ms | 80 MB | 0.500 | 12.50 |
| Prism CLI: wants credentials, validates, gives examples | 2,000 | 0 % | 0.25 ms | 1.50 ms | 80 MB | 0.040 | 1.00 |
| prism.request: the same, in process, no HTTP | 10,000 | 0 % | 0.25 ms | 1.50 ms | ? | 0.200 | 5.00 |
| WireMock | skipped: no java |  |  |  |  |  |  |

| requests/s (answer) | register (201) | delete (404) |
|---|--:|--:|
| bare node:http | 50,000 | 60,000 |
| mock, signed, strict | 25,000 | 30,000 |
| Prism CLI | 2,000 | 2,400 (204) |
| prism.request | 10,000 | – |
| WireMock | skipped: no java |  |

delete, 204: Prism keeps no subjects, so that any id is a known one.

Commands, from start to first answer or end:

| command | median | fastest | slowest |
|---|--:|--:|--:|
| first answer, mock, from source | 300 ms | 250 ms | 900 ms |
| generate, nothing there yet | 2,400 ms | 2,300 ms | 2,500 ms |
| generate, nothing new | 310 ms | 300 ms | 320 ms |
| verify --target mock (408 calls, 155 checks passed) | 2,700 ms | 2,600 ms | 2,800 ms |

Requests with pictures, signed, over 4 connections:

|  |  |  | requests/s | MB/s | p99 | processor time | to bare | to the passes | memory |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|
| register | 8 MB | bare node:http | 100 | 800 | 10.00 ms | 8.00 ms | 1.00 | 0.400 | 100 MB |
| register | 8 MB | mock, signed, strict | 25 | 200 | 100 ms | 24.00 ms | 0.250 | 1.20 | 200 MB |
| register | 8 MB | WireMock | refused: it answered 413 |  |  |  |  |  |  |

to the passes: the server's processor time for each request, as a multiple of what it takes to hash the body, decode its UTF-8, parse its JSON, decode the picture's Base64 and hash the picture.

Small registrations beside 32 uploads of 5 MB at a time:

|  | uploads/s | p50 | p99 | memory |
|---|--:|--:|--:|--:|
| bare node:http | 300 | 3.00 ms | 9.00 ms | 300 MB |

Signatures a second, by the size of the body:

| signer | 100 B | 200 kB |
|---|--:|--:|
| aws4 | 40,000 | 7,000 |

Other contracts: necid mock --spec FILE, one operation under load:

| operations | file | first answer | requests/s | to 10 | memory |
|--:|--:|--:|--:|--:|--:|
| 10 | 30 kB | 500 ms | 2,000 | 1.00 | 100 MB |
| 1,000 | 2,900 kB | 9,000 ms | 500 | 0.250 | 700 MB |

A processor, 2 cores, Node v24.21.0, 2026-11-23, load average before 0.10, 3 rounds in 9.5 minutes, 16 connections, registrations of 199 bytes.
The machine was steady enough to trust these figures.
<!-- /bench -->`;

test("the figures of a run come into a page by the command, in the place of older ones, and nothing else changes", async () => {
  const json = join(folder, "figures.json");
  const page = join(folder, "speed.md");
  writeFileSync(json, JSON.stringify(figures));
  writeFileSync(page, "# A kit\n\n<!-- bench -->\nolder\n<!-- /bench -->\n\nMore.\n");
  for (let time = 0; time < 2; time++) {
    await run(process.execPath, ["test/lab/bench/write-speed-page.ts", json, "--page", page]);
    expect(readFileSync(page, "utf8")).toBe(`# A kit\n\n${section}\n\nMore.\n`);
  }
});

test("the project's own page has a place for them", () => {
  expect(withFigures(readFileSync("docs/speed.md", "utf8"), figures)).toContain(section);
});

test.each([
  ["no mark", "# A kit\n"],
  ["only the first", "<!-- bench -->\n"],
  ["the wrong order", "<!-- /bench -->\n<!-- bench -->\n"],
  ["two places", "<!-- bench --><!-- /bench --><!-- bench --><!-- /bench -->"],
])("a page with %s is left alone", (_, page) => {
  expect(() => withFigures(page, figures)).toThrow(
    "The page must have a line <!-- bench --> and after it a line <!-- /bench -->, once. Put them where the figures belong.",
  );
});

test.each([
  [[], "error: missing required argument 'file'\n(add --help for the options)\n"],
  [["no-such.json"], "ENOENT: no such file or directory, open 'no-such.json'\n"],
  [["README.md"], expect.stringMatching(/^Unexpected token '#'/)],
])("the command refuses %j", async (args, stderr) => {
  const refused = run(process.execPath, ["test/lab/bench/write-speed-page.ts", ...args]);
  await expect(refused).rejects.toMatchObject({ code: 2, stderr });
});

test("the terminal shows every row in columns", () => {
  const lines = formatTable(loadTable(figures)).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "Requests over 16 connections, medians of 3 rounds of 1 s (registrations 2 s)",
    "",
    "                                            answer   requests/s   spread       p50       p99   memory   to bare   to Prism CLI",
    "register   bare node:http                      201       50,000      0 %   0.25 ms   1.50 ms    80 MB      1.00          25.00",
  ]);
});

test("what --only left out has no table", () => {
  const { machine, run: how } = figures;
  expect(
    partTables({ machine, run: how, doubts: [], rows: [], skipped: [], measurements: [], othersBusy: [] }),
  ).toEqual([]);
});

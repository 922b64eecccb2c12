import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { html } from "../../../../contracts/verify/report/html.ts";
import type { Report } from "../../../../contracts/verify/report/report.ts";
import { chromium, type Page, startBrowser } from "./browser.ts";
import { faceRollType, greenReport, sampleReport } from "./sample.ts";

const looks = [
  { name: "phone", width: 360, height: 740 },
  { name: "phone-dark", width: 360, height: 740, dark: true },
  { name: "desktop", width: 1280, height: 800 },
  { name: "desktop-dark", width: 1280, height: 800, dark: true },
];

test("it loads nothing, runs nothing, and escapes all text", () => {
  const report = sampleReport();
  const [first] = report.mismatches;
  const hostile = `<script>alert(1)</script> <img src="http://e/x" onerror='y'> \u0000 &amp;`;
  const text = html({
    ...report,
    mismatches: [{ ...first!, actual: hostile, operation: hostile, reproduction: hostile }],
    checks: report.checks.map((check) => ({ ...check, title: hostile, reason: hostile })),
    matrix: report.matrix.map((row) => ({ ...row, operation: hostile, field: hostile })),
  });
  expect(text).not.toMatch(/<script|<img|<link|@import|url\(|javascript:/i);
  expect(text).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  expect(text).toContain("&#60;script&#62;alert(1)");
});

const textOf = (selector: string) =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => element.innerText.trim())`;

describe.skipIf(chromium === undefined)("in Chromium (apt-get install chromium)", () => {
  let page: Page;
  beforeAll(async () => {
    page = await startBrowser();
  });
  afterAll(() => page.close());

  async function open(report: Report): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "report-html-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "report.html");
    await writeFile(file, html(report));
    await page.open(file);
  }

  test("it shows the verdict, each mismatch, the matrix and what was not checked", async () => {
    await open(sampleReport());
    await page.look(looks[2]!);
    expect(await page.evaluate(textOf("h1, header p"))).toEqual([
      "does not conform",
      "https://api.id.nec.com.au/v1 breaks Biometric API 1.0: 2 mismatches",
      "2 checks passed, 2 failed, 3 not checked (because nobody can provoke a throttle on purpose; no picture `none.jpg` was given)",
    ]);
    expect(await page.evaluate(textOf("#mismatches, article h3"))).toEqual([
      "Mismatches 2",
      "ApiSubjectsPost body /attributes/faceRoll 201 application/json",
      "ApiFaceVerifyPost status signed an hour ago",
      "ApiFaceExtractPost body /faces/0/attributes 200 application/json",
    ]);
    const [details] = await page.evaluate<string[]>(textOf("article dl"));
    expect(details!.split(/\n+/)).toEqual([
      "expected",
      "text",
      "actual",
      "4.93922",
      "promised by",
      `spec/necid-v1.yaml:${faceRollType.line}:${faceRollType.column}`,
      "found by",
      "schema/ApiSubjectsPost/201",
    ]);
    const notChecked = await page.evaluate<string[]>(textOf("[aria-labelledby=not-checked] > ul > li"));
    expect(notChecked.map((text) => text.split("\n")[0])).toEqual([
      "nobody can provoke a throttle on purpose",
      "no picture `none.jpg` was given",
    ]);
    expect(page.noise).toEqual([]);
  });

  test("the matrix shows for each promise and status which part asserted it, or why none did", async () => {
    await open(sampleReport());
    const cell = (operation: string, field: string, status: string) =>
      page.evaluate(`(() => {
        const table = [...document.querySelectorAll("table")].find((each) => each.caption.textContent.startsWith(${JSON.stringify(`${operation}:`)}));
        const column = [...table.tHead.rows[0].cells].findIndex((each) => each.textContent === ${JSON.stringify(status)});
        const row = [...table.tBodies[0].rows].find((each) => each.cells[0].textContent === ${JSON.stringify(field)});
        return row.cells[column].textContent.replace(/\\s+/g, " ").trim();
      })()`);
    expect([
      await cell("ApiSubjectsPost", "body /attributes/faceRoll", "201"),
      await cell("ApiSubjectsPost", "body /id", "201"),
      await cell("ApiSubjectsPost", "body /id", "403"),
      await cell("ApiSubjectsPost", "status", "429"),
    ]).toEqual([
      "✗mismatches: 1, Sschema",
      "Sschema Qsequence",
      "not promised",
      expect.stringMatching(/^not asserted, reason – \d$/),
    ]);
    const [reasons] = await page.evaluate<string[]>(
      `[...document.querySelectorAll("details")]
        .filter((each) => each.querySelector("caption").textContent.startsWith("ApiSubjectsPost:"))
        .map((each) => each.querySelector("ol.reasons").textContent)`,
    );
    expect(reasons).toContain("nobody can provoke a throttle on purpose");
  });

  test("its tables are tables to a screen reader, and every part can be reached by keyboard", async () => {
    await open(sampleReport());
    const count = (selector: string) =>
      page.evaluate<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
    expect(
      await count("table:not(:has(caption)), thead th:not([scope=col]), tbody th:not([scope=row])"),
    ).toBe(0);
    expect(await count("tbody tr:not(:has(> th[scope=row]))")).toBe(0);
    expect(await count(".scroll:not([tabindex='0'][role=region][aria-label])")).toBe(0);
    expect(await count("html:not([lang=en]), h1 ~ h1, section:not([aria-labelledby])")).toBe(0);
    const broken = `[...document.querySelectorAll("nav a, [aria-labelledby]")].filter((each) =>
      !document.getElementById((each.getAttribute("href") ?? each.getAttribute("aria-labelledby")).replace("#", ""))).length`;
    expect(await page.evaluate(broken)).toBe(0);
  });

  test.each(looks)("nothing overflows and the headers stay visible: $name", async (look) => {
    await open(sampleReport());
    await page.look(look);
    const shots = process.env.REPORT_SCREENSHOTS;
    if (shots) {
      await mkdir(shots, { recursive: true });
      await writeFile(join(shots, `${look.name}.png`), await page.screenshot());
      await writeFile(join(shots, `${look.name}-whole.png`), await page.screenshot({ whole: true }));
    }
    // On a desktop the scrollbar takes some of the width.
    const { scrollWidth, clientWidth } = await page.evaluate<Record<string, number>>(
      "(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)",
    );
    expect(scrollWidth).toBe(clientWidth);
    expect(clientWidth).toBeLessThanOrEqual(look.width);
    const stuck = await page.evaluate(`(() => {
      const frame = [...document.querySelectorAll("details[open] .scroll")]
        .find((each) => each.querySelector("caption").textContent.startsWith("ApiSubjectsPost:"));
      frame.scrollIntoView();
      frame.scrollTo(200, 200);
      const [box, head, side] = [frame, frame.querySelector("thead th"), frame.querySelector("tbody tr:nth-child(12) th")]
        .map((element) => element.getBoundingClientRect());
      return { scrolls: frame.scrollTop > 0, head: Math.abs(head.top - box.top) < 3, side: Math.abs(side.left - box.left) < 3 };
    })()`);
    expect(stuck).toEqual({ scrolls: true, head: true, side: true });
    if (shots) await writeFile(join(shots, `${look.name}-scrolled.png`), await page.screenshot());
    expect(await page.evaluate(contrasts)).toEqual([]);
  });

  test("a report without mismatches says so", async () => {
    await open(greenReport());
    expect(await page.evaluate(textOf("h1, #mismatches, [aria-labelledby=mismatches] p"))).toEqual([
      "conforms",
      "Mismatches 0",
      "None.",
    ]);
  });
});

/**
 * The texts in sight with less contrast to their background than 4.5 to 1.
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
const contrasts = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => channels(colour).slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => element.checkVisibility())
    .map((element) => [light(getComputedStyle(element).color), light(behind(element)), element])
    .filter(([front, back]) => (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05) < 4.5)
    .map(([, , element]) => element.outerHTML.slice(0, 80));
})()`;

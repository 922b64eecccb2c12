import type { Part } from "../check.ts";
import { style } from "./html-style.ts";
import { Markup, markup } from "./markup.ts";
import type { MatrixRow } from "./matrix.ts";
import type { Report, ReportedMismatch } from "./report.ts";
import { duration, notChecked, runDetails, summary, unaccepted, verdictReason } from "./summary.ts";

/**
 * Formats the report as one self-contained HTML page, without scripts, fonts or images. Its matrix has a table
 * for each operation, with one row for each promise and one column for each status.
 */
export function html(report: Report): string {
  const { verdict, target } = report;
  const tone = verdict === "conforms" ? "good" : "bad";
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${verdict}: ${target.name}, ${report.contract.title} ${report.contract.version}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header class="${tone}">
<h1>${verdict}</h1>
<p>${verdictReason(report)}</p>
<p>${summary(report)}</p>
</header>
<main>
<dl class="facts">${runDetails(report).map(([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<nav aria-label="Parts of the report"><a href="#mismatches">Mismatches</a> <a href="#matrix">What was asserted</a> <a href="#not-checked">Not checked</a> <a href="#checks">Checks</a></nav>
${orphansSection(report)}${mismatches(report)}${acceptances(report)}${matrix(report)}${unchecked(report)}${checks(report)}</main>
</body>
</html>
`.text;
}

function orphansSection({ ledger }: Report): Markup | undefined {
  if (ledger.orphans.length === 0) return undefined;
  return markup`<section aria-labelledby="orphans"><h2 id="orphans">Left registered</h2>
<p>Run <code>necid verify --clean</code> with the same target and credentials.</p>
<ul>${ledger.orphans.map(
    ({ role, application, id }) =>
      markup`<li>${role} in application ${application}, <code>${id ?? "id unknown"}</code></li>`,
  )}</ul></section>
`;
}

function mismatches(report: Report): Markup {
  const broken = unaccepted(report);
  const content = broken.length > 0 ? broken.map(mismatchArticle) : markup`<p>None.</p>`;
  return markup`<section aria-labelledby="mismatches"><h2 id="mismatches">Mismatches <span class="count">${broken.length}</span></h2>
${content}</section>
`;
}

function mismatchArticle(mismatch: ReportedMismatch): Markup {
  const { operation, instancePath, location, message, expected, actual } = mismatch;
  const { promisedBy, response, reproduction } = mismatch;
  return markup`<article class="${mismatch.accepted ? "known" : "bad"}">
<h3>${operation} <code>${instancePath}</code> <span class="count">${location}</span></h3>
<p>${message}</p>
<dl><div><dt>expected</dt><dd><code>${expected}</code></dd></div>
<div><dt>actual</dt><dd><code>${actual}</code></dd></div>
<div><dt>promised by</dt><dd>${promisedBy ? markup`<code>${promisedBy}</code>` : "neither the Swagger nor the overlay"}</dd></div>
${response && markup`<div><dt>response</dt><dd><code>${response}</code></dd></div>`}
<div><dt>found by</dt><dd>${mismatch.check}</dd></div>
${mismatch.accepted && markup`<div><dt>accepted</dt><dd>until ${mismatch.accepted.expires}: ${mismatch.accepted.reason}</dd></div>`}</dl>
${reproduction && markup`<pre tabindex="0" role="region" aria-label="The call again">${reproduction}</pre>`}
</article>
`;
}

function acceptances({ accepted, mismatches: found }: Report): Markup | undefined {
  const known = found.filter((mismatch) => mismatch.accepted);
  const outdated = accepted.filter(({ state }) => state !== "occurs");
  if (known.length + outdated.length === 0) return undefined;
  return markup`<section aria-labelledby="accepted"><h2 id="accepted">Accepted deviations <span class="count">${known.length}</span></h2>
${outdated.map(
  ({ operation, instancePath, state, reason, expires }) =>
    markup`<article class="bad"><h3>${operation} <code>${instancePath}</code></h3><p><strong>${state}</strong> (until ${expires}): ${reason}</p></article>
`,
)}${known.map(mismatchArticle)}</section>
`;
}

const letters: Record<Part, string> = { schema: "S", probe: "P", sequence: "Q", pact: "K" };

function matrix({ matrix: rows }: Report): Markup {
  const operations = Map.groupBy(rows, ({ operation }) => operation);
  const legend = Object.entries(letters).map(
    ([part, letter]) => markup`<li><span class="chip">${letter}</span> ${part}</li>`,
  );
  return markup`<section aria-labelledby="matrix"><h2 id="matrix">What was asserted</h2>
<ul class="legend">${legend}<li><span class="chip bad">✗</span> mismatch</li><li><span class="not">–</span> not asserted, reason below the table</li><li>empty: not promised</li></ul>
${[...operations].map(([operation, own]) => operationTable(operation, own))}</section>
`;
}

function operationTable(operation: string, rows: MatrixRow[]): Markup {
  const statuses = [...new Set(rows.map(({ status }) => status))];
  const reasons = [...new Set(rows.flatMap(({ notAsserted }) => notAsserted ?? []))];
  const byField = Map.groupBy(rows, ({ field }) => field);
  const asserted = rows.filter(({ assertedBy }) => assertedBy.length > 0).length;
  const red = rows.some((row) => row.mismatches > 0);
  const body = [...byField].map(([field, own]) => {
    const cells = statuses.map((status) =>
      cell(
        own.find((row) => row.status === status),
        reasons,
      ),
    );
    return markup`<tr><th scope="row">${breakable(field)}</th>${cells}</tr>
`;
  });
  return markup`<details${red || rows.length === 0 ? markup` open` : undefined}><summary>${operation} <span class="count${red ? " bad" : ""}">${asserted} of ${rows.length}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${operation}: promises and statuses">
<table><caption>${operation}: ${asserted} of ${rows.length} promises asserted</caption>
<thead><tr><th scope="col">promise</th>${statuses.map((status) => markup`<th scope="col">${status}</th>`)}</tr></thead>
<tbody>
${body}</tbody></table></div>
${reasons.length > 0 ? markup`<ol class="reasons">${reasons.map((reason) => markup`<li>${reason}</li>`)}</ol>` : undefined}</details>
`;
}

function cell(row: MatrixRow | undefined, reasons: string[]): Markup {
  if (!row) return markup`<td><span class="hidden">not promised</span></td>`;
  const { notAsserted, assertedBy } = row;
  if (notAsserted !== undefined) {
    return markup`<td class="not"><span class="hidden">not asserted, reason </span><span aria-hidden="true">–</span> <sup>${reasons.indexOf(notAsserted) + 1}</sup></td>`;
  }
  const chips = assertedBy.map(
    (part) =>
      markup`<span class="chip" aria-hidden="true">${letters[part]}</span><span class="hidden">${part} </span>`,
  );
  if (row.mismatches === 0) return markup`<td class="good">${chips}</td>`;
  return markup`<td class="bad"><span class="chip bad" aria-hidden="true">✗</span><span class="hidden">mismatches: ${row.mismatches}, </span>${chips}</td>`;
}

/** Lets a JSON Pointer wrap at its slashes rather than inside a name. */
function breakable(field: string): Markup[] {
  return field
    .split(/(?<=\/)/)
    .map((piece, index) => (index === 0 ? markup`${piece}` : markup`<wbr>${piece}`));
}

function unchecked(report: Report): Markup {
  const groups = notChecked(report).map(
    ({ reason, checks: skipped }) => markup`<li>${reason}
<ul>${skipped.map(({ id, title }) => markup`<li><code>${id}</code> ${title}</li>`)}</ul></li>
`,
  );
  const content = groups.length > 0 ? markup`<ul>${groups}</ul>` : markup`<p>Nothing was left out.</p>`;
  return markup`<section aria-labelledby="not-checked"><h2 id="not-checked">Not checked, because …</h2>
${content}</section>
`;
}

function checks(report: Report): Markup {
  const tones = { passed: "good", failed: "bad", skipped: "not" };
  const rows = report.checks.map(
    ({ status, part, operation, title, ms, calls }) =>
      markup`<tr><td class="${tones[status]}">${status}</td><td>${part}</td><th scope="row">${operation}: ${title}</th><td>${calls}</td><td>${duration(ms)}</td></tr>
`,
  );
  return markup`<section aria-labelledby="checks"><h2 id="checks">Checks <span class="count">${report.checks.length}</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Checks">
<table class="checks"><caption>Every check, in the order of the run</caption>
<thead><tr><th scope="col">result</th><th scope="col">part</th><th scope="col">check</th><th scope="col">calls</th><th scope="col">time</th></tr></thead>
<tbody>
${rows}</tbody></table></div></section>
`;
}

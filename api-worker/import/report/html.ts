/**
 * The report as one page: no scripts, nothing loaded from elsewhere, so that it can be mailed and kept.
 * Whatever comes from a row is escaped.
 */
import { groupKinds } from "../model.ts";
import type { Difference, TableResult, Verification } from "../verify/verification.ts";
import { element, type Html, html, join } from "./html-text.ts";
import type { FindingGroup, ImportRun } from "./run.ts";
import { styles } from "./styles.ts";
import {
  count,
  differenceWords,
  findingTitle,
  formatBytes,
  formatDuration,
  formatNumber,
  formatTime,
  groupWords,
  verdictOf,
} from "./words.ts";

/** Makes the page. @returns a whole HTML document */
export function toHtml(run: ImportRun): string {
  const verdict = verdictOf(run);
  const { verification } = run;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${verdict.title} – import report</title>
<style>${styles}</style>
</head>
<body>
<main>
<header class="verdict ${verdict.tone}">
<p class="kicker">Import report</p>
<h1>${verdict.title}</h1>
<p>${verdict.text}</p>
</header>
${runSection(run)}
${verification ? verificationSections(verification) : ""}
${run.findings.length > 0 ? findingsSection(run.findings) : ""}
</main>
</body>
</html>
`;
  return page.text;
}

function runSection(run: ImportRun): Html {
  const facts = [
    ["Source", join([element("span", run.source), element("small", run.sourceDescription)])],
    ["Target", run.target],
    ["Time", `${formatTime(run.startedAt)}, ${formatDuration(run.finishedAt - run.startedAt)}`],
  ] as const;
  return html`<section>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${run.kind === "verify-only" ? "" : copiedTable(run)}
</section>`;
}

function copiedTable({ groups, files, dropped }: ImportRun): Html {
  const kinds = groupKinds.filter((kind) => groups[kind].listed + groups[kind].deleted > 0);
  const numbers = (values: readonly number[]) =>
    values.map((value) => html`<td class="number">${formatNumber(value)}</td>`);
  const fileStates = [
    [files.left, "left where they are"],
    [files.missing, "missing in the old store"],
    [files.failed, "failed, and may come in another run"],
  ] as const;
  const told = fileStates.filter(([value]) => value > 0);
  return html`<h2>Copied</h2>
<div class="scroll"><table>
<thead><tr><th scope="col"></th><th scope="col" class="number">In the source</th><th scope="col" class="number">New or changed</th><th scope="col" class="number">Deleted</th></tr></thead>
<tbody>${kinds.map((kind) => {
    const { listed, copied, deleted } = groups[kind];
    return html`<tr><th scope="row">${groupWords[kind]}</th>${numbers([listed, copied, deleted])}</tr>`;
  })}<tr><th scope="row">Files</th>${numbers([files.named, files.stored])}<td></td></tr></tbody>
</table></div>
<p class="note">${formatBytes(files.storedBytes)} of files stored${told.map(([value, words]) => `, ${formatNumber(value)} ${words}`).join("")}.
${dropped.map(({ table, rows, reason }) => `${table}: ${count(rows, "row")} left out. ${reason}`).join(" ")}</p>`;
}

function verificationSections(verification: Verification): Html {
  return join([
    tablesSection(verification),
    checksSection(verification),
    ...(verification.differenceCount > 0 ? [differencesSection(verification)] : []),
  ]);
}

function tablesSection({ tables }: Verification): Html {
  return html`<section>
<h2>Tables</h2>
<p class="note">A digest is the sum of the SHA-256 of all rows, computed from each side by itself. Equal digests are equal rows.</p>
<div class="scroll"><table class="tables">
<thead><tr><th scope="col">Table</th><th scope="col" class="number">Source</th><th scope="col" class="number">Target</th><th scope="col">Digests</th><th scope="col">Result</th></tr></thead>
<tbody>${tables.map(tableRow)}</tbody>
</table></div>
</section>`;
}

function tableRow(result: TableResult): Html {
  const isEqual = result.sourceDigest === result.targetDigest;
  const aside = [
    ...(result.madeHere > 0 ? [`${formatNumber(result.madeHere)} made here`] : []),
    ...(result.notCompared > 0 ? [`${formatNumber(result.notCompared)} not compared`] : []),
  ];
  const digests = isEqual
    ? html`<code>${result.sourceDigest}</code>`
    : html`<code>${result.sourceDigest}</code><br><code>${result.targetDigest}</code>`;
  const verdict =
    isEqual && result.differences === 0
      ? html`<span class="mark good">equal</span>`
      : html`<span class="mark bad">${count(result.differences, "difference")}</span>`;
  return html`<tr><th scope="row">${result.table}</th>
<td class="number source">${formatNumber(result.sourceRows)}</td><td class="number target">${formatNumber(result.targetRows)}</td>
<td class="digest">${digests}</td><td class="result">${verdict}${aside.length > 0 ? html`<br><small>${aside.join(", ")}</small>` : ""}</td></tr>`;
}

function checksSection({ references, files, search, groups }: Verification): Html {
  const behind = groups.changedAtSource + groups.newAtSource + groups.deletedAtSource;
  const lines: (readonly [string, number, string])[] = references.map(({ name, broken }) => [
    `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    broken,
    broken === 0 ? "yes" : `no, ${count(broken, "row")}`,
  ]);
  const fileText = `${count(files.checked, "file")}, ${formatBytes(files.bytes)}; ${formatNumber(files.comparedWithSource)} compared with the old store`;
  return html`<section>
<h2>Checks</h2>
<ul class="checks">${lines.map(
    ([name, broken, text]) =>
      html`<li class="${broken === 0 ? "good" : "bad"}"><span>${name}</span> <span>${text}</span></li>`,
  )}</ul>
<dl class="facts">
<div><dt>Files</dt><dd>${fileText}${files.goneAtSource > 0 ? `; ${formatNumber(files.goneAtSource)} are gone there` : ""}${files.unreachable.length > 0 ? `; ${formatNumber(files.unreachable.length)} did not answer` : ""}</dd></div>
<div><dt>Search</dt><dd>${search.changes === 0 ? "Every index is complete." : `${count(search.owners, "index is", "indexes are")} still being built. Until then, search does not find everything.`}</dd></div>
${behind > 0 ? html`<div><dt>Since the copy</dt><dd>${formatNumber(groups.changedAtSource)} changed, ${formatNumber(groups.newAtSource)} new, ${formatNumber(groups.deletedAtSource)} deleted at the source. They are not compared.${groups.examples.length > 0 ? html`<details><summary>Which ones</summary><ul>${groups.examples.map((one) => html`<li><code>${one}</code></li>`)}</ul></details>` : ""}</dd></div>` : ""}
</dl>
</section>`;
}

function differencesSection({ differences, differenceCount }: Verification): Html {
  const rest = differenceCount - differences.length;
  return html`<section>
<h2>Differences</h2>
<ol class="differences">${differences.map(differenceItem)}</ol>
${rest > 0 ? html`<p class="note">And ${formatNumber(rest)} more.</p>` : ""}
</section>`;
}

function differenceItem({ kind, table, key, column, source, target }: Difference): Html {
  return html`<li><p><strong>${column === null ? table : `${table}.${column}`}</strong> <span class="mark bad">${differenceWords[kind]}</span><br><code>${key}</code></p>
<dl>${source === null ? "" : html`<div><dt>Source</dt><dd>${source}</dd></div>`}${target === null ? "" : html`<div><dt>Target</dt><dd>${target}</dd></div>`}</dl></li>`;
}

function findingsSection(groups: readonly FindingGroup[]): Html {
  return html`<section>
<h2>Findings</h2>
<p class="note">What couldn’t be copied exactly as it was, and what became of it.</p>
${groups.map(
  ({
    code,
    count: total,
    findings,
  }) => html`<details><summary>${findingTitle(code)} <span class="count">${formatNumber(total)}</span></summary>
<ul class="findings">${findings.map(({ table, id, text }) => html`<li><code>${table} ${id}</code><br>${text}</li>`)}</ul>
${total > findings.length ? html`<p class="note">And ${formatNumber(total - findings.length)} more.</p>` : ""}</details>`,
)}
</section>`;
}

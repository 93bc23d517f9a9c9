import { Html } from "./html-text.ts";

/** The page's style sheet. */
export const styles = new Html(`
:root { color-scheme: light dark; --ink: #1c1b19; --muted: #66625b; --paper: #fbfaf8; --card: #fff; --line: #e4e0d9; --good: #1d6b3a; --good-bg: #e7f4ea; --bad: #a3221b; --bad-bg: #fdebe9; --warning: #7a4d00; --warning-bg: #fdf2dc; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece9e4; --muted: #a8a39a; --paper: #171614; --card: #201f1c; --line: #38352f; --good: #84d6a0; --good-bg: #16301f; --bad: #ff9d94; --bad-bg: #3b1a17; --warning: #f0c273; --warning-bg: #362809; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
.verdict { border-radius: 14px; padding: 1.4rem 1.6rem; margin-bottom: 1.5rem; }
.verdict.good { background: var(--good-bg); color: var(--good); }
.verdict.bad { background: var(--bad-bg); color: var(--bad); }
.verdict.warning { background: var(--warning-bg); color: var(--warning); }
.verdict p { margin: 0; color: var(--ink); }
.verdict .kicker { color: inherit; font-size: 13px; font-weight: 600; }
h1 { margin: .1rem 0 .35rem; font-size: 1.6rem; line-height: 1.25; text-wrap: balance; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.2rem 1.4rem; margin-bottom: 1rem; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
.facts + h2 { margin-top: 1.4rem; }
.facts { margin: 0; display: grid; gap: .45rem; }
.facts > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: .75rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
small { color: var(--muted); font-size: 13px; }
dd > span + small { display: block; }
.note { color: var(--muted); margin: .3rem 0 .8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--muted); font-weight: 500; font-size: 13px; white-space: nowrap; }
tbody th { font-weight: 500; }
.number { text-align: end; font-variant-numeric: tabular-nums; padding-inline-end: 1.2rem; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
.digest code { color: var(--muted); white-space: nowrap; }
.mark { display: inline-block; padding: 0 .55rem; border-radius: 999px; font-size: 13px; white-space: nowrap; }
.mark.good { background: var(--good-bg); color: var(--good); }
.mark.bad { background: var(--bad-bg); color: var(--bad); }
.checks { list-style: none; margin: 0 0 1rem; padding: 0; columns: 2 20rem; column-gap: 2.5rem; }
.checks li { display: flex; justify-content: space-between; gap: 1rem; padding: .28rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.checks .good span + span { color: var(--good); }
.checks .bad { color: var(--bad); font-weight: 600; }
.differences { margin: 0; padding: 0; list-style: none; }
.differences > li { padding: .8rem 0; border-top: 1px solid var(--line); }
.differences > li:first-child { border-top: 0; padding-top: .2rem; }
.differences p { margin: 0 0 .4rem; }
.differences dl { margin: 0; display: grid; gap: .3rem; }
.differences dl > div { display: grid; grid-template-columns: 4.5rem 1fr; gap: .75rem; }
.differences dd { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; white-space: pre-wrap; }
details { border-top: 1px solid var(--line); padding: .55rem 0; }
.facts details { border: 0; padding: .2rem 0 0; }
summary { cursor: pointer; font-weight: 500; }
.count { color: var(--muted); font-weight: 400; margin-inline-start: .35rem; font-variant-numeric: tabular-nums; }
.findings { margin: .6rem 0 .2rem; padding-inline-start: 1.2rem; }
.findings li { margin-bottom: .5rem; overflow-wrap: anywhere; }
.findings code { color: var(--muted); }
@media (max-width: 40rem) {
.facts > div { grid-template-columns: 1fr; gap: 0; }
main { padding: 1rem .75rem 3rem; }
section, .verdict { padding: 1rem; }
thead th { white-space: normal; vertical-align: bottom; }
.number { padding-inline-end: .6rem; }
.tables thead { position: absolute; clip-path: inset(50%); }
.tables tr { display: grid; grid-template: "name result" "source target" "digest digest" / 1fr auto; gap: .15rem 1rem; padding: .6rem 0; border-top: 1px solid var(--line); }
.tables th, .tables td { border: 0; padding: 0; text-align: start; }
.tables tbody th { grid-area: name; overflow-wrap: anywhere; }
.tables .result { grid-area: result; text-align: end; }
.tables .source { grid-area: source; }
.tables .target { grid-area: target; text-align: end; }
.tables .digest { grid-area: digest; }
.tables .digest code { white-space: normal; }
.tables .source::before { content: "Source "; color: var(--muted); }
.tables .target::before { content: "Target "; color: var(--muted); }
}
@media print { body { background: none; } details::details-content { content-visibility: visible; block-size: auto; } }
`);

/** The style sheet of `report.html`: one column on a phone; wide tables scroll inside their own frame. */
export const style = `
:root { color-scheme: light dark; --page: #fff; --text: #1c2024; --soft: #5b6470; --line: #d5dae0; --raised: #f4f6f8;
  --good: #116329; --good-back: #e2f5e6; --bad: #a4101c; --bad-back: #fdeaea; --known: #7a5200; --known-back: #fdf3d8; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --text: #e6e9ec; --soft: #9da7b1; --line: #363d45;
  --raised: #1d2126; --good: #7ee297; --good-back: #12301b; --bad: #ff9c9c; --bad-back: #3d1518; --known: #f0c761; --known-back: #36290a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { padding: 1rem max(1rem, calc((100vw - 76rem) / 2)); overflow-wrap: anywhere; }
header.good { background: var(--good-back); } header.good h1 { color: var(--good); }
header.bad { background: var(--bad-back); } header.bad h1 { color: var(--bad); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; } header p { margin: .4rem 0 0; }
h2 { margin: 2rem 0 .6rem; font-size: 1.25rem; } h3 { margin: 0 0 .3rem; font-size: 1rem; }
a { color: inherit; } nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 1rem 0 0; }
nav a { padding: .4rem 0; }
code, pre { font: .875em/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { margin: .6rem 0 0; padding: .6rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 4px; }
dl { margin: 0; } dl div { display: grid; grid-template-columns: 7.5rem 1fr; gap: .5rem; padding: .15rem 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.count { font-size: .8rem; font-weight: 400; padding: .1rem .5rem; border-radius: 1rem; background: var(--raised); color: var(--soft); white-space: normal; }
.count.bad { background: var(--bad-back); color: var(--bad); }
article { margin: 0 0 .8rem; padding: .8rem; background: var(--raised); border-left: 4px solid var(--line); border-radius: 4px; }
article .count { background: var(--page); }
article.bad { border-color: var(--bad); } article.known { border-color: var(--known); } article p { margin: 0 0 .5rem; }
details { margin: 0 0 .5rem; border: 1px solid var(--line); border-radius: 4px; }
summary { padding: .6rem .8rem; cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
.scroll { position: relative; max-width: 100%; max-height: 80vh; overflow: auto; border-top: 1px solid var(--line); }
section > .scroll { border: 1px solid var(--line); border-radius: 4px; }
:focus-visible { outline: 2px solid var(--text); outline-offset: -2px; }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .35rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--raised); }
tbody th { position: sticky; left: 0; z-index: 1; background: var(--page); font-weight: 400; white-space: normal;
  overflow-wrap: anywhere; min-width: 9rem; max-width: min(45vw, 24rem); }
thead th:first-child { left: 0; z-index: 3; }
.checks thead th:first-child, .checks tbody th { position: static; } .checks thead th:first-child { position: sticky; left: auto; z-index: 2; }
.checks tbody th { min-width: 14rem; max-width: none; }
td.good { color: var(--good); } td.bad { color: var(--bad); background: var(--bad-back); } .not { color: var(--soft); }
.chip { display: inline-block; min-width: 1.35em; margin-right: .15em; text-align: center; font-weight: 600; border-radius: 3px;
  background: var(--good-back); color: var(--good); } .chip.bad { background: var(--bad); color: var(--page); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; list-style: none; font-size: .875rem; }
.reasons { margin: .6rem 0; padding-left: 2.2rem; font-size: .875rem; color: var(--soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { details, .scroll { max-height: none; overflow: visible; } thead th, tbody th { position: static; } }
`;

/** HTML whose every inserted value is escaped, unless it is markup itself. */

export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Insert = Markup | string | number | bigint | null | readonly Insert[]

/** Template tag: markup with the inserts escaped. null inserts nothing. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + render(inserts[index - 1] ?? null) + part))
}

function render(insert: Insert): string {
  if (insert === null) return ''
  if (insert instanceof Markup) return insert.text
  if (typeof insert === 'object') return insert.map(render).join('')
  return String(insert).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const STYLE = new Markup(`
:root { color-scheme: light dark; --text: #14181f; --soft: #5b6472; --line: #dfe3ea; --card: #fff; --page: #f4f6f9;
  --link: #0a58ca; --good: #0f7a3d; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e8ebf0; --soft: #9aa4b2; --line: #2b323d; --card: #171b22;
  --page: #0f1217; --link: #7fb2ff; --good: #5fd38d; --bad: #ff8a80; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main, header { max-width: 60rem; margin: 0 auto; padding: 1rem }
header a { font-weight: 600 } header span { color: var(--soft) }
h1 { font-size: 1.35rem; margin: .5rem 0 1rem } h2 { font-size: 1.05rem; margin: 0 0 .5rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; margin: 0 0 1rem }
.scroll { overflow-x: auto }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .4rem 1rem; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } th { text-align: left; color: var(--soft); font-weight: 500 }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
tr:last-child td { border-bottom: 0 } td.number { text-align: right; font-variant-numeric: tabular-nums }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
td a { white-space: nowrap } td { min-width: 5rem }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }
a { color: var(--link) } a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.good { color: var(--good) } .bad { color: var(--bad) } .soft { color: var(--soft) }
`)

/** A whole page. `root` leads to the explorer's own start: "./" or "../". */
export function page(title: string, root: string, body: readonly Markup[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Piecemeal devnet</title>
<style>${STYLE}</style>
</head>
<body>
<header><a href="${root}explorer">Piecemeal devnet</a> <span>a local chain: coins here are worth nothing</span></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text
}

/** A list of names and values; rows without a value are left out. */
export function facts(rows: readonly (readonly [string, Markup | string | number | null])[]): Markup {
  const shown = rows.filter(([, value]) => value !== null)
  return html`<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

export function section(title: string, body: Markup): Markup {
  return html`<section><h2>${title}</h2>${body}</section>`
}

/** A table in a box of its own that scrolls on narrow screens, also by keyboard. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Markup | string | number)[])[],
): Markup {
  const columns = head.map((name) => html`<th scope="col">${name}</th>`)
  const lines = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${head.join(', ')}"><table>
<thead><tr>${columns}</tr></thead><tbody>${lines}</tbody></table></div>`
}

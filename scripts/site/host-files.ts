/**
 * What other hosts need to send the site's headers (site-headers.ts): `_headers` for Netlify and Cloudflare Pages, and examples
 * for nginx and Caddy. `node scripts/site/host-files.ts [folder]`, out/ by default; the build runs it.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  getCommonHeaders,
  getPathRules,
  type Headers,
  NO_FRAMES,
  type PathRule,
  readFrameAncestors,
  TYPES,
} from './site-headers.ts'

const NOTE =
  'Written by the build from scripts/site/site-headers.ts. Check a running host: npm run check:host -- https://…'

const lines = (headers: Headers, write: (name: string, value: string) => string): string[] =>
  Object.entries(headers).map(([name, value]) => write(name, value))

/**
 * The `_headers` file. Those hosts join what several rules say of one header, so no header but the policy (of which all that
 * are sent hold) stands in two rules that fit a path. Their own Cache-Control asks again for everything, as our last rule does.
 */
export function formatHeadersFile(frameAncestors = NO_FRAMES): string {
  const rules = getPathRules(frameAncestors).map(({ path, headers }): PathRule => {
    if (path !== '/*') return { path, headers }
    const { 'Content-Security-Policy': policy = '' } = headers
    return { path, headers: { ...getCommonHeaders(frameAncestors), 'Content-Security-Policy': policy } }
  })
  const blocks = rules.map(({ path, headers }) =>
    [path, ...lines(headers, (name, value) => `  ${name}: ${value}`)].join('\n'),
  )
  return `# ${NOTE}\n${blocks.join('\n\n')}\n`
}

/** Those of our types that servers' own tables lack. */
const RARE_EXTENSIONS = ['.torrent', '.vtt', '.webmanifest']

/** A server block. nginx drops headers of the outer level where an inner one names any, so each location names all. */
export function formatNginx(frameAncestors = NO_FRAMES): string {
  const common = getCommonHeaders(frameAncestors)
  const locations = getPathRules(frameAncestors).flatMap(({ path, headers }) => {
    const match = path.endsWith('*') ? `^~ ${path.slice(0, -1)}` : `= ${path}`
    return [
      '',
      `    location ${path === '/*' ? '/' : match} {`,
      '        try_files $uri $uri/ =404;',
      ...lines({ ...common, ...headers }, (name, value) => `        add_header ${name} "${value}" always;`),
      '    }',
    ]
  })
  return `${[
    `# ${NOTE}`,
    '# An example: put your name, certificate and folder in.',
    'server {',
    '    listen 80;',
    '    server_name piecemeal.example;',
    '    root /srv/piecemeal;',
    '    index index.html;',
    '    charset utf-8;',
    '    charset_types text/javascript text/css text/plain text/vtt application/javascript;',
    '    absolute_redirect off;',
    '    server_tokens off;',
    '    error_page 404 /404.html;',
    '    include mime.types;',
    '    types {',
    ...RARE_EXTENSIONS.map(
      (extension) => `        ${TYPES[extension]?.split(';')[0]} ${extension.slice(1)};`,
    ),
    '    }',
    ...locations,
    '}',
  ].join('\n')}\n`
}

/** A Caddyfile. Each header is set by one directive for a path, so their order says nothing. */
export function formatCaddyfile(frameAncestors = NO_FRAMES): string {
  const rules = getPathRules(frameAncestors)
  const others = rules.map(({ path }) => path).filter((path) => path !== '/*')
  const blocks = rules.flatMap(({ path, headers }, index) => [
    `\t@rule${index} ${path === '/*' ? `not path ${others.join(' ')}` : `path ${path}`}`,
    `\theader @rule${index} {`,
    ...lines(headers, (name, value) => `\t\t${name} "${value}"`),
    '\t}',
  ])
  return `${[
    `# ${NOTE}`,
    '# An example: put your name and folder in.',
    'piecemeal.example {',
    '\troot * /srv/piecemeal',
    '\tencode gzip',
    '\theader {',
    ...lines(getCommonHeaders(frameAncestors), (name, value) => `\t\t${name} "${value}"`),
    '\t}',
    ...blocks,
    ...RARE_EXTENSIONS.flatMap((extension) => [
      `\t@${extension.slice(1)} path *${extension}`,
      `\theader @${extension.slice(1)} Content-Type "${TYPES[extension]}"`,
    ]),
    '\tfile_server',
    '\thandle_errors {',
    '\t\trewrite * /{err.status_code}.html',
    '\t\tfile_server',
    '\t}',
    '}',
  ].join('\n')}\n`
}

/** Writes them into a built site; their paths. */
export function writeHostFiles(folder: string, frameAncestors = NO_FRAMES): readonly string[] {
  const files = {
    _headers: formatHeadersFile(frameAncestors),
    'hosting/nginx.conf': formatNginx(frameAncestors),
    'hosting/Caddyfile': formatCaddyfile(frameAncestors),
  }
  mkdirSync(join(folder, 'hosting'), { recursive: true })
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  return Object.keys(files)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../../out', import.meta.url))
  process.stdout.write(`${writeHostFiles(folder, readFrameAncestors(process.env)).join(', ')}\n`)
}

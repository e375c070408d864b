'use client'
import { File, FileText, Film, Image, Music } from 'lucide-react'
import { replaceFragment } from '@/hooks/use-fragment.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatBytes } from '@/lib/units/index.ts'
import { ForeignPath } from '../ui/foreign-text.tsx'

export interface FileListProps {
  readonly infoHash: string
  readonly files: WatchSnapshot['files']
  readonly current: number | null
}

function FileIcon({ mimeType }: { readonly mimeType: string }) {
  const kind = mimeType.split('/')[0]
  const Icon =
    kind === 'video'
      ? Film
      : kind === 'audio'
        ? Music
        : kind === 'image'
          ? Image
          : kind === 'text'
            ? FileText
            : File
  return <Icon className="size-4 shrink-0 text-muted" aria-hidden />
}

/** What the torrent holds; a press shows it. */
export function FileList({ infoHash, files, current }: FileListProps) {
  return (
    <section aria-labelledby="files" className="card">
      <h2 id="files" className="px-4 pt-4 font-semibold">
        Files
      </h2>
      <ul className="max-h-96 overflow-y-auto p-2">
        {files.map(({ index, path, lengthBytes, downloadedBytes, mimeType }) => (
          <li key={index}>
            <button
              type="button"
              aria-current={index === current ? 'true' : undefined}
              onClick={() => replaceFragment(`${infoHash}&file=${index}`)}
              className="flex min-h-11 w-full items-center gap-3 rounded-lg px-2 text-left text-sm hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-semibold"
            >
              <FileIcon mimeType={mimeType} />
              <span className="min-w-0 flex-1 truncate">
                <ForeignPath path={path} />
              </span>
              <span className="text-muted tabular-nums">
                {lengthBytes === 0
                  ? '0 B'
                  : `${Math.floor((downloadedBytes / lengthBytes) * 100)} % of ${formatBytes(lengthBytes)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

import { Download } from 'lucide-react'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatBytes } from '@/lib/units/index.ts'
import { buttonClass } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'

export interface OtherStageProps {
  readonly url: string
  readonly name: string
  readonly file: WatchSnapshot['files'][number]
}

/** A file that the page does not show: to download. */
export function OtherStage({ url, name, file }: OtherStageProps) {
  return (
    <div className="card grid min-h-56 place-items-center p-8 text-center">
      <div>
        <p className="text-lg font-semibold">
          <ForeignText text={name} />
        </p>
        <p className="mt-1 mb-4 text-muted">
          This page does not show files of this kind. Save it and open it with a program that does.
        </p>
        {/* No `download` attribute: browsers then bypass the service worker, which alone has the file. */}
        <a href={url} className={buttonClass('primary')}>
          <Download className="size-4" aria-hidden />
          Download {formatBytes(file.lengthBytes)}
        </a>
      </div>
    </div>
  )
}

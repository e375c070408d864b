import { showHidden } from '@/lib/units/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'

/** Sound: the browser's own controls do. */
export function AudioStage({ url, name }: { readonly url: string; readonly name: string }) {
  return (
    <div className="card p-6">
      <p className="mb-4 truncate font-semibold">
        <ForeignText text={name} />
      </p>
      {/* biome-ignore lint/a11y/useMediaCaption: a torrent brings no captions for its sound */}
      <audio src={url} controls className="w-full" aria-label={showHidden(name)} />
    </div>
  )
}

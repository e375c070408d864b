import { Fragment } from 'react'
import { showHidden } from '@/lib/units/index.ts'

/** Text that a stranger wrote (a name, a memo): on its own for direction, and with every hidden sign shown. */
export function ForeignText({ text }: { readonly text: string }) {
  return <bdi>{showHidden(text)}</bdi>
}

/** A stranger's path: each part on its own, so that its order on the screen is its order. */
export function ForeignPath({ path }: { readonly path: string }) {
  return path.split('/').map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place alone
    <Fragment key={index}>
      {index > 0 ? '/' : null}
      <ForeignText text={part} />
    </Fragment>
  ))
}

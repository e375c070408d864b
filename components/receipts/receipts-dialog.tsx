'use client'
import { Modal } from '../ui/modal.tsx'
import { ReceiptsView } from './receipts-view.tsx'

/** What the figures are sums of. */
export function ReceiptsDialog({ open, onClose }: { readonly open: boolean; onClose(): void }) {
  return (
    <Modal
      title="Receipts"
      description="Every figure of the money bar is a sum of these lines. They stay in this browser."
      open={open}
      onClose={onClose}
      wide
    >
      <div className="-mx-5 sm:-mx-2">
        <ReceiptsView />
      </div>
    </Modal>
  )
}

'use client'
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'

export interface ModalProps {
  readonly title: string
  readonly description: string
  readonly open: boolean
  onClose(): void
  readonly wide?: boolean | undefined
  readonly children: ReactNode
}

/** What had the focus before the first of a row of dialogs: one that follows another finds its opener gone. */
let opener: HTMLElement | null = null

function rememberOpener(): void {
  const { activeElement } = document
  const isOnPage = activeElement !== document.body && activeElement?.closest('[role="dialog"]') === null
  if (isOnPage && activeElement instanceof HTMLElement) opener = activeElement
}

function focusOpener(event: Event): void {
  if (!opener?.isConnected) return
  event.preventDefault()
  opener.focus()
}

/** A dialog: a sheet from below on phones, a card in the middle elsewhere. */
export function Modal({ title, description, open, onClose, wide, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50 backdrop-blur-[2px]" />
        <Dialog.Content
          onOpenAutoFocus={rememberOpener}
          onCloseAutoFocus={focusOpener}
          className={classNames(
            'fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-2xl border border-line bg-surface p-5 shadow-2xl',
            'sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[calc(100%-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl sm:p-7',
            wide ? 'sm:max-w-4xl' : 'sm:max-w-lg',
          )}
        >
          <div className="mb-5 flex items-start gap-4">
            <div className="flex-1">
              <Dialog.Title className="text-xl font-semibold">{title}</Dialog.Title>
              <Dialog.Description className="mt-1 text-sm text-muted">{description}</Dialog.Description>
            </div>
            <Dialog.Close asChild>
              <Button look="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-2">
                <X className="size-5" aria-hidden />
              </Button>
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

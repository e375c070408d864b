'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Modal } from '../ui/modal.tsx'

/** The demo wallet's private key, shown once its owner said that nobody looks on; forgotten as the dialog closes. */
export function ExportDemoWallet() {
  const [isOpen, setOpen] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [isMissing, setMissing] = useState(false)

  function close(): void {
    setOpen(false)
    setSecret(null)
    setMissing(false)
  }

  async function show(): Promise<void> {
    const { commands } = await loadNode()
    const key = await commands.exportDemoWallet()
    setSecret(key)
    setMissing(key === null)
  }

  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Take the key along
      </Button>
      <Modal
        title="Show the private key?"
        description="Whoever has it has this demo wallet and its test coins. Another wallet can import it."
        open={isOpen}
        onClose={close}
      >
        {secret ? (
          <div className="space-y-3">
            <p className="rounded-lg bg-sunken p-3 font-mono text-sm break-all" data-testid="private-key">
              {secret}
            </p>
            <CopyButton text={secret} label="Copy private key" showLabel look="quiet" />
          </div>
        ) : (
          <div className="space-y-3">
            {isMissing ? (
              <p role="alert" className="text-sm text-danger">
                The key cannot be read in this browser.
              </p>
            ) : null}
            <div className="flex flex-wrap gap-2">
              <Button look="danger" onClick={() => void show()}>
                Nobody looks on: show it
              </Button>
              <Button onClick={close}>Cancel</Button>
            </div>
          </div>
        )}
      </Modal>
    </>
  )
}

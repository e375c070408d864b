'use client'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'
import { copyText } from './copy-text.ts'

export interface CopyButtonProps extends Omit<ButtonProps, 'onClick'> {
  readonly text: string
  /** What it copies, for people: "Copy address". */
  readonly label: string
  readonly showLabel?: boolean
}

export function CopyButton({ text, label, showLabel, look = 'ghost', size, ...rest }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false)
  const Icon = isCopied ? Check : Copy
  return (
    <Button
      look={look}
      size={size ?? (showLabel ? 'small' : 'icon')}
      aria-label={label}
      onClick={async () => setCopied(await copyText(text))}
      onBlur={() => setCopied(false)}
      {...rest}
    >
      <Icon className="size-4" aria-hidden />
      {showLabel ? (isCopied ? 'Copied' : label) : null}
    </Button>
  )
}

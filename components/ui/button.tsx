import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'

export type ButtonLook = 'primary' | 'pay' | 'earn' | 'quiet' | 'ghost' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large' | 'icon'

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-ink text-paper hover:opacity-90',
  pay: 'bg-pay-solid text-on-pay hover:brightness-105',
  earn: 'bg-earn-soft text-earn border border-earn-solid/50 hover:border-earn-solid',
  quiet: 'bg-surface text-ink border border-line hover:border-line-strong',
  ghost: 'text-ink hover:bg-sunken',
  danger: 'text-danger border border-line hover:bg-danger-soft',
}
const SIZES: Readonly<Record<ButtonSize, string>> = {
  small: 'h-9 px-3 text-sm',
  medium: 'h-11 px-4 text-[0.9375rem]',
  large: 'h-13 px-6 text-base',
  icon: 'size-10',
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = 'quiet', size: ButtonSize = 'medium'): string {
  return classNames(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-semibold whitespace-nowrap transition',
    'disabled:cursor-not-allowed disabled:opacity-50',
    LOOKS[look],
    SIZES[size],
  )
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook
  readonly size?: ButtonSize
}

export function Button({ look, size, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={classNames(buttonClass(look, size), className)} {...rest} />
}

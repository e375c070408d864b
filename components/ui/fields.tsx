import { type ComponentProps, type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'

export interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string
  readonly unit?: string
  readonly hint?: ReactNode
  readonly problem?: string | null
}

/** A labelled line of text with its unit, hint and problem tied to it. */
export function TextField({ label, unit, hint, problem, className, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <div className="flex items-center rounded-lg border border-line-strong bg-surface focus-within:outline-3 focus-within:outline-active">
        <input
          id={id}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem ? true : undefined}
          className="h-11 w-full min-w-0 bg-transparent px-3 tabular-nums outline-none"
          {...rest}
        />
        {unit ? <span className="shrink-0 pr-3 text-sm text-muted">{unit}</span> : null}
      </div>
      <p
        id={`${id}-hint`}
        className={classNames('mt-1 text-xs empty:hidden', problem ? 'text-danger' : 'text-muted')}
      >
        {problem ?? hint}
      </p>
    </div>
  )
}

export interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly value: T
  onChange(value: NoInfer<T>): void
}

/** One of a few, as a row of radio buttons. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex h-11 cursor-pointer items-center rounded-lg border border-line px-4 text-sm font-semibold tabular-nums hover:border-line-strong has-checked:border-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-active"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

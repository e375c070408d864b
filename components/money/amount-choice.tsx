'use client'
import { useState } from 'react'
import { type Amount, BTT, parseMoney } from '@/lib/units/index.ts'
import { Choice, TextField } from '../ui/fields.tsx'

const PRESETS = ['100', '250', '1000', 'other'] as const
type Preset = (typeof PRESETS)[number]
const PRESET_LABELS = { '100': '100', '250': '250', '1000': '1,000', other: 'Other' } as const

/** What a person typed, as BTT above 0; null for anything else. */
export function parseAmount(text: string): Amount | null {
  const value = parseMoney(text, BTT)
  return value === 0n ? null : value
}

/** The smallest preset that pays for `rest`, with room for pieces of a dearer seeder. */
export const suggestPreset = (rest: Amount | null): Preset =>
  PRESETS.find(
    (preset) => rest === null || preset === 'other' || (parseAmount(preset) ?? 0n) * 10n >= rest * 11n,
  ) ?? 'other'

export interface AmountChoiceProps {
  /** Of the choice, and of the field for another amount. */
  readonly label: string
  readonly otherLabel: string
  readonly text: string
  onText(text: string): void
  readonly initial: Preset
}

/** A few round amounts, or one's own. */
export function AmountChoice({ label, otherLabel, text, onText, initial }: AmountChoiceProps) {
  const [preset, setPreset] = useState<Preset>(initial)
  return (
    <>
      <Choice
        label={label}
        value={preset}
        onChange={(next) => {
          setPreset(next)
          onText(next === 'other' ? '' : next)
        }}
        options={PRESETS.map((value) => ({ value, label: PRESET_LABELS[value] }))}
      />
      {preset === 'other' ? (
        <TextField
          label={otherLabel}
          unit="BTT"
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
          problem={
            text !== '' && parseAmount(text) === null
              ? 'Write a number above 0 with a decimal point: 42.5 or 1250.5.'
              : null
          }
        />
      ) : null}
    </>
  )
}

/**
 * Dynamic energy: a contract that used more than a threshold in a maintenance period costs more in the next one, and less
 * again when it is left alone.
 * Source: java-tron, chainbase/…/core/capsule/ContractStateCapsule.java and actuator/…/core/vm/VM.java.
 */

import { BadRequest } from '../devnet-error.ts'

/** The unit of factors: 10,000 is once the price. */
export const FACTOR_UNIT = 10_000
/** A period without use takes off a quarter of what a busy one adds. */
const DECREASE_DIVISOR = 4

export interface DynamicEnergyRules {
  /** A contract that used more in one period gets dearer. */
  readonly thresholdEnergy: number
  /** What a busy period adds, in ten thousandths of the price so far. */
  readonly increaseFactor: number
  /** The most that is added to the plain price, in ten thousandths of it. */
  readonly maxFactor: number
  readonly maintenanceMs: number
}

/** As on mainnet in late 2025. */
export const MAINNET_DYNAMIC_ENERGY: DynamicEnergyRules = {
  thresholdEnergy: 5_000_000_000,
  increaseFactor: 2_000,
  maxFactor: 34_000,
  maintenanceMs: 21_600_000,
}

/** Mainnet's rules where none are given. Throws BadRequest on rules that make no sense. */
export function completeRules(given: Partial<DynamicEnergyRules>): DynamicEnergyRules {
  const rules = { ...MAINNET_DYNAMIC_ENERGY, ...given }
  const limits: Readonly<Record<keyof DynamicEnergyRules, number>> = {
    thresholdEnergy: Number.MAX_SAFE_INTEGER,
    increaseFactor: FACTOR_UNIT,
    maxFactor: 10 * FACTOR_UNIT,
    maintenanceMs: 86_400_000,
  }
  for (const [name, most] of Object.entries(limits)) {
    const value = rules[name as keyof DynamicEnergyRules]
    const least = name === 'maintenanceMs' ? 1 : 0
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new BadRequest(`${name} is a whole number from ${least} to ${most}`, 400)
  }
  return rules
}

/** What is kept of a contract's use. */
export interface ContractLoad {
  /** Energy of the current period, without what was added to it. */
  readonly energyUsage: number
  /** What is added to the plain price, in ten thousandths of it. */
  readonly energyFactor: number
  readonly cycle: number
}

/** The maintenance period that a time is in; the first is 1. */
export function cycleAt(rules: DynamicEnergyRules, timestampMs: number): number {
  return Math.floor(timestampMs / rules.maintenanceMs) + 1
}

/** What a contract's load is in a period. Factors round down. */
export function catchUp(
  load: ContractLoad | undefined,
  cycle: number,
  rules: DynamicEnergyRules,
): ContractLoad {
  if (!load || load.cycle > cycle) return { energyUsage: 0, energyFactor: 0, cycle }
  if (load.cycle === cycle) return load
  let { energyFactor } = load
  let reached = load.cycle
  if (load.energyUsage > rules.thresholdEnergy) {
    reached += 1
    const times = 1 + rules.increaseFactor / FACTOR_UNIT
    energyFactor = Math.min(rules.maxFactor, Math.trunc((energyFactor + FACTOR_UNIT) * times) - FACTOR_UNIT)
  }
  const idle = cycle - reached
  if (idle > 0) {
    const times = (1 - rules.increaseFactor / DECREASE_DIVISOR / FACTOR_UNIT) ** idle
    energyFactor = Math.max(0, Math.trunc((energyFactor + FACTOR_UNIT) * times) - FACTOR_UNIT)
  }
  return { energyUsage: 0, energyFactor, cycle }
}

/** What is added to an operation's price. Rounds down. */
export function penaltyOf(energy: number, energyFactor: number): number {
  return Math.floor((energy * (energyFactor + FACTOR_UNIT)) / FACTOR_UNIT) - energy
}

/** A table whose changes lie in layers: a new layer takes them up, and goes down into the one below or away as a whole. */

export class LayeredTable<K, V> {
  #layers: Map<K, V | undefined>[] = [new Map()]

  /** The newest value; undefined where there is none, or it was removed. */
  get(key: K): V | undefined {
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index]!
      const value = layer.get(key)
      if (value !== undefined || layer.has(key)) return value
    }
    return undefined
  }

  set(key: K, value: V): void {
    this.#layers.at(-1)!.set(key, value)
  }

  remove(key: K): void {
    // At the ground there is nothing below that a mark would have to hide.
    if (this.#layers.length === 1) this.#layers[0]!.delete(key)
    else this.#layers.at(-1)!.set(key, undefined)
  }

  /** Every key that some layer knows, with its newest value; removed ones are left out. */
  *entries(): Generator<[K, V]> {
    const seen = new Set<K>()
    for (let index = this.#layers.length - 1; index >= 0; index--)
      for (const [key, value] of this.#layers[index]!) {
        if (seen.has(key)) continue
        seen.add(key)
        if (value !== undefined) yield [key, value]
      }
  }

  get depth(): number {
    return this.#layers.length
  }

  push(): void {
    this.#layers.push(new Map())
  }

  /** The top layer goes into the one below. */
  merge(): void {
    const top = this.#layers.pop()!
    const below = this.#layers.at(-1)!
    const isGround = this.#layers.length === 1
    for (const [key, value] of top) {
      if (isGround && value === undefined) below.delete(key)
      else below.set(key, value)
    }
  }

  /** The top layer goes away. */
  drop(): void {
    this.#layers.pop()
  }

  /** A copy of the ground. */
  copyGround(): ReadonlyMap<K, V> {
    return new Map(this.#layers[0] as Map<K, V>)
  }

  restoreGround(rows: ReadonlyMap<K, V>): void {
    this.#layers = [new Map(rows)]
  }

  /** Forgets every row of every layer. */
  clear(): void {
    for (const layer of this.#layers) layer.clear()
  }
}

/** A map whose values are made when they are first asked for, in the order in which they were given. */
export class LazyMap<V> extends Map<string, V> {
  readonly #makers: ReadonlyMap<string, () => V>;

  constructor(makers: Readonly<Record<string, () => V>>) {
    super();
    this.#makers = new Map(Object.entries(makers));
  }

  override get size(): number {
    return this.#makers.size;
  }

  override has(key: string): boolean {
    return this.#makers.has(key);
  }

  override get(key: string): V | undefined {
    const known = super.get(key);
    if (known !== undefined) return known;
    const value = this.#makers.get(key)?.();
    if (value !== undefined) this.set(key, value);
    return value;
  }

  override keys(): MapIterator<string> {
    return this.#makers.keys();
  }

  override *entries(): MapIterator<[string, V]> {
    for (const key of this.#makers.keys()) yield [key, this.get(key) as V];
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  override forEach(visit: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

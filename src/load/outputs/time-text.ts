/** Writes times, many of which are in the same second. */
export class TimeText {
  #second = Number.NaN;
  #text = '';

  /** `2026-05-12T16:00:00.123456Z` */
  format(atMs: number): string {
    const micros = Math.floor(atMs * 1000);
    const second = Math.floor(micros / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toISOString().slice(0, 19);
    }
    return `${this.#text}.${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
  }
}

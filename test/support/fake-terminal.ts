import type { Drawing, LiveTerminal } from '../../src/reporters/output/screen.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

const STEP = /\p{Cc}\[(\d*)([AK])|./gsu;

/** A terminal that keeps what it shows: line feeds, carriage returns, the cursor upwards, and lines that are cleared. */
export class FakeTerminal implements LiveTerminal {
  columns: number;
  rows: number;
  hasOpenLine = false;
  readonly clock: FakeClock = createFakeClock();
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #drawing: Drawing | undefined;

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What it shows, history and all, with no blanks at the ends of lines. */
  get shown(): string {
    return this.#lines.map((line) => line.join('').trimEnd()).join('\n');
  }

  now(): number {
    return this.clock.monotonic();
  }

  after(ms: number, call: () => void): () => void {
    return this.clock.after(ms, call);
  }

  guard(drawing: Drawing | undefined): void {
    this.#drawing = drawing;
  }

  /** Somebody else writes there. */
  interrupt(text: string): void {
    this.write(`${this.#drawing?.erase() ?? ''}${text}`);
    this.hasOpenLine = !text.endsWith('\n');
    if (!this.hasOpenLine) this.write(this.#drawing?.draw() ?? '');
  }

  write(text: string): void {
    for (const [part, up, key] of text.matchAll(STEP)) {
      if (key === 'A') this.#row = Math.max(0, this.#row - Number(up || 1));
      else if (key === 'K') this.#lines[this.#row] = [];
      else if (part === '\r') this.#column = 0;
      else if (part === '\n') this.#feed();
      else this.#put(part);
    }
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#feed();
    const line = this.#lines[this.#row] ?? [];
    while (line.length < this.#column) line.push(' ');
    line[this.#column++] = character;
    this.#lines[this.#row] = line;
  }

  #feed(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= [];
  }
}

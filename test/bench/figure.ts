/** One number that must not be crossed. */
export interface Reading {
  readonly figure: string;
  /** What was measured, as it is printed: `1.84 ×`, `3806 ms`. */
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'ms' | 'MB' | '';
  /** Medians, least and most, for the reader. */
  readonly detail: string;
}

/** What is measured for one or more readings; bench servers and processes of its own. */
export interface Figure {
  readonly name: string;
  readonly needsStack: boolean;
  /** Whether it takes so long that it has to be asked for. */
  readonly isOnlyNamed?: boolean;
  measure(place: BenchPlace): Promise<readonly Reading[]>;
}

export interface BenchPlace {
  /** An empty folder for flows and records. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly kafkaBrokers: string;
}

export function isOver({ value, limit }: Reading): boolean {
  return !(value <= limit);
}

/** A row of the table. */
export function formatReading(reading: Reading): string {
  const { figure, value, limit, unit, detail } = reading;
  const shown = `${formatNumber(value)} ${unit}`.trim();
  const verdict = isOver(reading) ? 'over' : 'ok';
  return `${figure.padEnd(46)}${shown.padStart(12)}${`≤ ${formatNumber(limit)}`.padStart(10)}   ${verdict.padEnd(6)}${detail}`;
}

export function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 2 : 0);
}

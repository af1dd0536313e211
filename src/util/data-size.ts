const UNIT_BYTES: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Reads `512KB`, `64MB` or `1.5 GB`; gives bytes, or undefined when the text is no size. */
export function parseDataSize(text: string): number | undefined {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(KB|MB|GB)\s*$/i.exec(text) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * (UNIT_BYTES[unit.toUpperCase()] ?? 0));
}

/** Writes a size for people: `900 bytes`, `1.1 MB`, `64 MB`. */
export function formatDataSize(bytes: number): string {
  const [unit, size] = Object.entries(UNIT_BYTES).findLast(([, size]) => bytes >= size) ?? [];
  if (unit === undefined || size === undefined) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return `${Number((bytes / size).toFixed(1))} ${unit}`;
}

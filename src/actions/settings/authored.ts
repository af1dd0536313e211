/** Whether a value as authored is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a text as authored holds a placeholder, so that its value is known only in the run. */
export function hasPlaceholder(text: string): boolean {
  return /\{\{|\$\{|<<\s*[A-Za-z_]/.test(text);
}

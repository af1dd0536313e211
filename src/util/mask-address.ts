/** An address without what may be secret in it: who one is, and what stands after a `?`. */
export function maskAddress(text: string): string {
  const start = text.indexOf('://');
  if (start === -1) return text;
  const rest = text
    .slice(start)
    .replace(/\/\/.*@/s, '//***@')
    .replace(/\?.*$/s, '?…');
  return text.slice(0, start) + rest;
}

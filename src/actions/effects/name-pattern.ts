/** Whether a name is that of a pattern, in which `*` stands for any letters. */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether it may be the name of several. */
export function isPattern(name: string): boolean {
  return name.includes('*');
}

/** The one of several that a name is meant by: itself, else the longest pattern. */
export function findByName(name: string, entries: readonly string[]): string | undefined {
  if (entries.includes(name)) return name;
  const matching = entries.filter((entry) => isPattern(entry) && matchesName(entry, name));
  return matching.toSorted((a, b) => b.length - a.length)[0];
}

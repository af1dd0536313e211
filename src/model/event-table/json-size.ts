/** Whether data takes less room than a limit, in characters as JSON, roughly; stops looking as soon as the limit is reached. */
export function isSmallerThan(data: unknown, limit: number): boolean {
  if (data === undefined) return true;
  let left = limit;
  const open: unknown[] = [data];
  while (open.length > 0) {
    const next = open.pop();
    left -= 4;
    if (typeof next === 'string') left -= next.length;
    else if (Array.isArray(next)) {
      if (next.length * 2 > left) return false;
      for (const item of next) open.push(item);
    } else if (typeof next === 'object' && next !== null) {
      for (const key in next) {
        left -= key.length + 3;
        open.push((next as Readonly<Record<string, unknown>>)[key]);
      }
      if (next instanceof Map) for (const pair of next) open.push(pair);
    }
    if (left < 0) return false;
  }
  return true;
}

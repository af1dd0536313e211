type Result = Readonly<Record<string, unknown>>;

/** The results of steps by their addresses, from the lines of the ndjson reporter. */
export function readResults(lines: string): ReadonlyMap<string, Result> {
  const results = new Map<string, Result>();
  for (const line of lines.split('\n')) {
    if (!line.includes('step_finished')) continue;
    const event = JSON.parse(line) as { type: string; step: { address: string }; output: { result?: Result } };
    const { result } = event.type === 'step_finished' ? event.output : {};
    if (result) results.set(event.step.address, result);
  }
  return results;
}

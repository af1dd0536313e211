import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { startJsonServer } from './json-server.ts';
import { run, TESTMESH } from './processes.ts';
import { readResults } from './results.ts';

const LOOKS = 20;
const INTERVAL_MS = 200;

/** A poll every 200 ms whose 20th look holds: 19 intervals, and hardly more. */
export const polling: Figure = {
  name: 'poll',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startJsonServer((count) => ({ status: count % LOOKS === 0 ? 'done' : 'pending' }));
    try {
      writeFileSync(join(folder, 'poll.yaml'), describePoll(server.url));
      const { stdout } = await run([process.execPath, TESTMESH, 'run', 'poll.yaml', '--reporter', 'ndjson'], {
        cwd: folder,
      });
      const waitedMs = Number(readResults(stdout).get('wait')?.['waited_ms']);
      const detail = `${LOOKS - 1} intervals are ${(LOOKS - 1) * INTERVAL_MS} ms`;
      return [{ figure: `poll that holds at the ${LOOKS}th look`, value: waitedMs, limit: 3900, unit: 'ms', detail }];
    } finally {
      server.close();
    }
  },
};

function describePoll(url: string): string {
  return `name: poll
steps:
  - id: wait
    action: poll
    config:
      interval: ${INTERVAL_MS}ms
      timeout: 30s
      step:
        action: http_request
        config: { url: "${url}/orders/1" }
      until: body.status == "done"
`;
}

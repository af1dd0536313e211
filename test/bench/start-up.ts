import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { ORDER, startJsonServer } from './json-server.ts';
import { compareWhole, TESTMESH, timeWhole } from './processes.ts';

const ROUNDS = 25;
const NODE = [process.execPath, '-e', '0'];

/** `testmesh --version`, and a flow with one request, against an empty Node process. */
export const startUp: Figure = {
  name: 'start',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startJsonServer(() => ORDER);
    try {
      writeFileSync(join(folder, 'one.yaml'), describeOneRequest(server.url));
      const commands = [
        NODE,
        [process.execPath, TESTMESH, '--version'],
        [process.execPath, TESTMESH, 'run', 'one.yaml'],
      ];
      const [node, version, one] = await timeWhole(commands, ROUNDS, folder);
      if (!node || !version || !one) throw new Error('a program was not timed');
      return [
        { figure: '--version / node -e 0', limit: 1.3, unit: '×', ...compareWhole(version, node) },
        { figure: 'one request / node -e 0', limit: 2.3, unit: '×', ...compareWhole(one, node) },
      ];
    } finally {
      server.close();
    }
  },
};

function describeOneRequest(url: string): string {
  return `name: one request
steps:
  - id: get
    action: http_request
    config: { url: "${url}/orders/1" }
    assert: [status == 200]
`;
}

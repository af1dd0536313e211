import { expect, it } from 'vitest';
import { openRowKeys } from '../../../src/actions/changes/row-keys.ts';
import type { Value } from '../../../src/expr/index.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { repeats } from '../../support/sample.ts';
import { describeTables, useMariadb } from './mariadb.ts';

const inFullRun = it.runIf(repeats('further tests of keys in rows of MariaDB', 1, 0) > 0);

describeTables('keys in rows of MariaDB', () => {
  const open = async (query: string) => {
    const io = createFakeIo();
    const { port } = await useMariadb();
    const world = { clock: io.clock, resources: io.resources, directory: '/', stop: io.stop };
    const source = await openRowKeys({ connection: `mysql://root@127.0.0.1:${port}/mysql`, query }, world);
    return { source, io };
  };

  inFullRun('may be in more rows than there is memory for', async () => {
    // 300 MB: more than the answer to one statement may take.
    const { source, io } = await open("SELECT seq AS id, REPEAT('x', 1000000) AS filler FROM seq_1_to_300");
    let [count, most] = [0, 0];
    await source.look((row) => {
      count += 1;
      most = Math.max(most, Number((row as Record<string, Value>)['id']));
    }, io.stop);
    await io.close();
    expect([count, most]).toEqual([300, 300]);
  });

  it('that cannot be read end the look, and the connection is usable after that', async () => {
    const { source, io } = await open('SELECT seq AS id FROM seq_1_to_1000');
    const countConnections = async (): Promise<number> => {
      const { source: status, io: own } = await open("SHOW GLOBAL STATUS LIKE 'Connections'");
      let value = 0;
      await status.look((row) => {
        value = Number((row as Record<string, Value>)['Value']);
      }, own.stop);
      await own.close();
      return value;
    };
    const before = await countConnections();
    let refused = 0;
    const look = source.look(() => {
      refused++;
      throw new Error('no such key');
    }, io.stop);
    await expect(look).rejects.toThrow('no such key');
    // What else was sent by then is not looked at, and the server is asked once to give up.
    await expect.poll(countConnections).toBeLessThan(before + 20);
    expect(refused).toBe(1);
    let count = 0;
    await source.look(() => void count++, io.stop);
    await io.close();
    expect(count).toBe(1000);
  });
});

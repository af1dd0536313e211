import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeak } from '../support/leaks/find-leaks.ts';
import { makeLetters, ODD_SECRETS } from '../support/leaks/odd-secrets.ts';
import { CAPTURE_PLACES, HTTP_PLACES } from '../support/leaks/places.ts';
import { type Speller, startSpeller } from '../support/leaks/speller.ts';
import { callCommand } from './command.ts';

const isFull = process.env['TESTMESH_FULL'] === '1';
/** In a quick run the one that is longest and oddest, and one more, another one each day. */
const QUICK = ['400 signs', Object.keys(ODD_SECRETS)[new Date().getDate() % 30] ?? 'plain'];
const NAMES = isFull ? Object.keys(ODD_SECRETS) : [...new Set(QUICK)];

let folder: string;
let server: Speller;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-leaks-'));
  server = await startSpeller();
  writePlaces('given', HTTP_PLACES, 'secrets: [S]\nenv: { S: none }');
  writePlaces('learned', CAPTURE_PLACES, '');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function writePlaces(name: string, places: Readonly<Record<string, string>>, head: string): void {
  mkdirSync(join(folder, name));
  for (const [place, steps] of Object.entries(places)) {
    writeFileSync(join(folder, name, `${place}.yaml`), `name: ${place}\n${head}\nsteps:\n${steps}`);
  }
}

/** Everything that a run leaves, by flow where it says which: the tree, both files, the record, the log. */
async function runPlaces(name: string, env: Record<string, string>): Promise<Readonly<Record<string, string>>> {
  const words = [
    'run',
    name,
    '-vv',
    '--reporter',
    'tree',
    '--reporter',
    'ndjson=e.ndjson',
    '--reporter',
    'junit=j.xml',
    '--log-level',
    'debug',
    '--output-dir',
    'out',
  ];
  const { exitCode, output, errors } = await callCommand(
    [...words, '--var', `URL=${server.url}`, '--var', `HOST=${server.peer}`],
    { cwd: folder, env },
  );
  expect(errors).not.toContain('nothing ran');
  expect(exitCode).not.toBe(70);
  const record = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  rmSync(join(folder, 'out'), { recursive: true });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return { tree: output, log: errors, ndjson: read('e.ndjson'), junit: read('j.xml'), record: record.join('\n') };
}

describe.each(NAMES)('a secret with %s', (name) => {
  const secret = ODD_SECRETS[name] ?? '';

  it('shows nowhere when it is given', async () => {
    expectNoLeak(await runPlaces('given', { S: secret }), secret);
  });

  it('shows nowhere when it is learned from an answer', async () => {
    server.known = secret;
    expectNoLeak(await runPlaces('learned', {}), secret);
  });
});

function expectNoLeak(outputs: Readonly<Record<string, string>>, secret: string): void {
  const leaks = Object.entries(outputs).flatMap(([name, text]) => {
    const leak = findLeak(text, secret);
    return leak === undefined ? [] : [`${name}: ${leak}`];
  });
  expect(leaks).toEqual([]);
}

it('finds what is shown', () => {
  const secret = makeLetters(20, 99);
  for (const text of [secret, Buffer.from(`me:${secret}`).toString('base64'), `"${secret.slice(0, 9)}…`])
    expect(findLeak(text, secret)).toBeDefined();
});

import { expect } from 'vitest';
import { runCli, type Workspace } from '../../support/stack/cli.ts';

/** A database reads its pieces, none of which is as long as eight characters, as SQL of their own. */
const SECRET = `p4z'cr8t"x-zq7k`;
const PIECE = /p4z|cr8t|zq7k/i;

const QUERIES: readonly string[] = [
  "SELECT '{{S}}'",
  'SELECT {{S}}',
  "SELECT 1 AS n WHERE 'a' = '{{S}}' LIMIT 5",
  'SELECT {{S}} FROM t;',
  "SELECT 1 AS n\nWHERE 'a' = '\n{{S}}'",
];

/** Pastes a secret into SQL, and expects that nothing of it is in what the command says, prints and writes. */
export async function expectNoPieces(connection: string, workspace: Workspace): Promise<void> {
  const name = workspace.nextName('pasted');
  const steps = QUERIES.map(
    (query, at) =>
      `  - { id: q${at}, action: database_query, on_error: continue, config: { connection: "{{DB}}", query: ${JSON.stringify(query)} } }\n`,
  );
  workspace.write(`${name}.yaml`, `name: Paste\nsecrets: [S]\nenv: { S: none, DB: none }\nsteps:\n${steps.join('')}`);
  const reporters = ['tree', `ndjson=${name}.ndjson`, `junit=${name}.xml`].flatMap((one) => ['--reporter', one]);
  const words = ['run', `${name}.yaml`, '-vv', ...reporters, '--log-level', 'debug', '--output-dir', name];
  const ended = await runCli([...words, '--var', `DB=${connection}`], { cwd: workspace.path, env: { S: SECRET } });
  expect(ended.output).toContain('5 errored');
  expect(ended.output).toMatch(/near ["'].*\*\*\*/);
  const shown = [
    ended.output,
    ...['ndjson', 'xml'].map((type) => workspace.read(`${name}.${type}`)),
    workspace.readAll(name),
  ];
  for (const text of shown) expect(PIECE.exec(text)?.input.slice(0, 2000)).toBeUndefined();
}

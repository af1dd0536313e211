import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandResult, callCommand } from './command.ts';

/** Runs a flow of these steps, each in YAML's flow style, by the command in this process, under the real clock. */
export async function runText(
  { setup, steps }: { setup: readonly string[]; steps: readonly string[] },
  files: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-flow-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const lines = steps.map((step, index) => `  - { id: s${index}, ${step} }\n`).join('');
    const head = `name: a flow\nenv: { who: Ada }\nsetup:\n${setup.map((step) => `  - ${step}\n`).join('')}`;
    writeFileSync(join(folder, 'flow.yaml'), `${head}steps:\n${lines}`);
    return await callCommand(['run', 'flow.yaml', '--color', 'never', '--timeout', '30s', ...flags], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

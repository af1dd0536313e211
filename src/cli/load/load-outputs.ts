import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Output, type OutputAbout, OutputMistake } from '../../load/metrics/samples.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { OutPlan } from '../../model/load/load-plan.ts';
import type { Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';

export interface OutputsAbout {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly version: string;
  readonly about: OutputAbout;
}

/** Opens what samples go to. @throws UsageError when one can never work */
export async function openOutputs(
  out: readonly OutPlan[],
  { clock, terminal, version, about }: OutputsAbout,
): Promise<readonly Output[]> {
  if (out.length === 0) return [];
  const { createOutput } = await import('../../load/outputs/registry.ts');
  const { cwd, env } = terminal;
  const world = {
    clock,
    cwd,
    temporaryFolder: join(tmpdir(), 'testmesh'),
    version,
    readEnv: (name: string) => env[name],
  };
  const outputs: Output[] = [];
  try {
    for (const { text } of out) {
      const output = await createOutput(text, world);
      outputs.push(output);
      await output.start(about);
    }
    return outputs;
  } catch (error) {
    await Promise.all(outputs.map((output) => output.close()));
    throw error instanceof OutputMistake ? new UsageError(error.message, error.help) : error;
  }
}

/** How long an output may take at the end before it is told that it is waited for. */
const QUIET_MS = 1000;

/** Closes them, which may take half a minute; gives what is to be said of each. */
export async function closeOutputs(
  outputs: readonly Output[],
  { clock, say }: { readonly clock: Clock; say(text: string): void },
): Promise<readonly string[]> {
  const open = new Set(outputs.map(({ name }) => name));
  const cancel = clock.after(QUIET_MS, () => {
    if (open.size > 0)
      say(`the load is over; ${[...open].join(' and ')} may take up to 30 s for what waits to be sent\n`);
  });
  const ends = await Promise.all(
    outputs.map(async (output) => {
      const said = await closeOutput(output);
      open.delete(output.name);
      return said;
    }),
  );
  cancel();
  return ends.flat();
}

async function closeOutput(output: Output): Promise<readonly string[]> {
  const about = `the output ${output.name}`;
  try {
    const { lost, written, notes } = await output.close();
    if (lost === 0) return notes.map((note) => `${about}: ${note}`);
    return [`${about} lost ${lost} of ${written + lost} points: ${notes.join('; ')}`];
  } catch (error) {
    return [`${about} is not complete: ${error instanceof Error ? error.message : String(error)}`];
  }
}

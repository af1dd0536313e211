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
      await output.start(about);
      outputs.push(output);
    }
    return outputs;
  } catch (error) {
    await Promise.all(outputs.map((output) => output.close()));
    throw error instanceof OutputMistake ? new UsageError(error.message, error.help) : error;
  }
}

/** Closes them; gives what is to be said of each. */
export async function closeOutputs(outputs: readonly Output[]): Promise<readonly string[]> {
  const ends = await Promise.all(
    outputs.map(async (output) => {
      try {
        const { lost, notes } = await output.close();
        return [...(lost > 0 ? [`the output ${output.name} lost ${lost} samples`] : []), ...notes];
      } catch (error) {
        return [`the output ${output.name} is incomplete: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return ends.flat();
}

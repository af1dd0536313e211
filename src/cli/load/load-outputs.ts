import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
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
    env,
  };
  refuseSharedFile(out, cwd);
  const outputs: Output[] = [];
  try {
    for (const { text } of out) {
      const output = await createOutput(text, world);
      outputs.push(output);
      await output.start(about);
      if (output.address !== undefined) terminal.writeError(`${output.name}: ${output.address}\n`);
    }
    return outputs;
  } catch (error) {
    await Promise.all(outputs.map((output) => output.close()));
    throw error instanceof OutputMistake ? new UsageError(error.message, error.help) : error;
  }
}

/** Two outputs in one file would overwrite each other. */
function refuseSharedFile(out: readonly OutPlan[], cwd: string): void {
  const owners = new Map<string, string>();
  for (const { text } of out) {
    const [name = '', target = ''] = text.split(/=(.*)/s);
    if (target === '' || target.includes('://')) continue;
    const path = resolve(cwd, target);
    const owner = owners.get(path);
    if (owner !== undefined)
      throw new UsageError(`--out ${owner} and --out ${name} would both write to the file \`${target}\``, [
        `give each a file of its own: --out ${name}=other`,
      ]);
    owners.set(path, name);
  }
}

/** How long an output may take at the end before it is told that it is waited for. */
const QUIET_MS = 1000;

export interface ClosingAbout {
  readonly clock: Clock;
  readonly interrupt: OuterStops | undefined;
  say(text: string): void;
}

/** Closes them, which may take half a minute unless a signal ends it; gives what is to be said of each. */
export async function closeOutputs(
  outputs: readonly Output[],
  { clock, interrupt, say }: ClosingAbout,
): Promise<readonly string[]> {
  const open = new Set(outputs);
  const cancel = clock.after(QUIET_MS, () => {
    const names = [...open].map(({ name }) => name).join(' and ');
    if (names !== '') say(`the load is over; ${names} may take up to 30 s for what waits, Ctrl-C gives it up\n`);
  });
  const release = onNextSignal(interrupt, () => open.forEach((output) => void output.giveUp?.()));
  const ends = await Promise.all(
    outputs.map(async (output) => {
      const said = await closeOutput(output);
      open.delete(output);
      return said;
    }),
  );
  cancel();
  release();
  return ends.flat();
}

/** Calls back with the next signal: the second, where the first has ended the load. */
function onNextSignal(interrupt: OuterStops | undefined, call: () => void): () => void {
  if (!interrupt) return () => undefined;
  return interrupt.work.asked ? interrupt.undo.onEnd(call) : interrupt.work.onAsk(call);
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

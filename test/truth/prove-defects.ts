import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefectName, defects, type SteadyDefect } from '../../demo-services/shared/defects.ts';
import type { Stack } from '../../demo-services/stack/stack.ts';
import { claims } from './claims.ts';
import { judgeDefect, type Verdict } from './judge.ts';
import { findProjectFolder, runExample } from './run-example.ts';

export interface DefectsOptions {
  stack: Stack;
  bin: string;
  /** The folder of the demo services, each a bundle. */
  demo: string;
  chosen: readonly SteadyDefect[];
  /** A folder for what each run printed. */
  outputs: string | undefined;
  signal: AbortSignal;
  note(text: string): void;
  print(text: string): void;
}

/** Plants one defect after another and runs the example that claims to catch it; whether all were caught as claimed. */
export async function proveDefects({
  stack,
  bin,
  demo,
  chosen,
  outputs,
  signal,
  note,
  print,
}: DefectsOptions): Promise<boolean> {
  if (chosen.length === 0) return true;
  if (outputs !== undefined) mkdirSync(outputs, { recursive: true });
  let missed = 0;
  let last: DefectName | undefined;
  for (const [index, name] of chosen.entries()) {
    signal.throwIfAborted();
    const { flow } = claims[name];
    const isOfProject = findProjectFolder(flow) !== undefined;
    if (!isOfProject) {
      await plant(stack, name, last);
      last = name;
    }
    const vars = isOfProject ? giveProject(stack, { demo, defect: name }) : stack.vars;
    const run = await runExample(flow, { bin, vars });
    if (outputs !== undefined) writeFileSync(join(outputs, `${name}.txt`), run.output);
    const verdict = judgeDefect(claims[name], run);
    print(describeRow(name, verdict));
    if (!verdict.isTrue) {
      missed += 1;
      print(indent(run.output));
    }
    note(`${index + 1} of ${chosen.length} defects, ${missed} not caught as claimed`);
  }
  if (last !== undefined) await heal(stack, last);
  print(`defects: ${chosen.length - missed} of ${chosen.length} caught where it is claimed, with the cause named`);
  return missed === 0;
}

/** What a project among the examples, which runs services of its own, is given of a stack. */
export function giveProject(
  { vars }: Pick<Stack, 'vars'>,
  { demo, defect }: { demo: string; defect?: DefectName },
): Record<string, string> {
  const { DB_URL = '', KAFKA_BROKERS = '' } = vars;
  return { DB_URL, KAFKA_BROKERS, DEMO_SERVICES: demo, ...(defect && { DEFECT: defect }) };
}

/** Moves every line to the right, below a row of the table. */
export function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}

/** Restarts the one service that carries the defect, and the one that carried the last. */
export async function plant(stack: Stack, name: DefectName, last: DefectName | undefined): Promise<void> {
  const { service } = defects[name];
  if (last !== undefined && defects[last].service !== service) await heal(stack, last);
  await stack.stopService(service);
  await stack.startService(service, { defect: name });
}

/** Restarts the service that carried it. */
export async function heal(stack: Stack, name: DefectName): Promise<void> {
  const { service } = defects[name];
  await stack.stopService(service);
  await stack.startService(service, { defect: undefined });
}

function describeRow(name: SteadyDefect, { isTrue, text }: Verdict): string {
  const { flow, step } = claims[name];
  const place = `${flow.replace('.yaml', '')} ${step}`;
  return `${isTrue ? '✓' : '✗'} ${name.padEnd(32)} ${place.padEnd(48)} ${text}`;
}

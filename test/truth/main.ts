import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DefectName, defects, parseDefect } from '../../demo-services/shared/defects.ts';
import { runToTheEnd } from '../../demo-services/stack/foreground.ts';
import { startStack } from '../../demo-services/stack/stack.ts';
import { provideCommand } from '../support/build.ts';
import { runHealthy } from './healthy.ts';
import { addLookAlikes } from './look-alikes.ts';
import { indent, proveDefects } from './prove-defects.ts';
import type { Target } from './run-example.ts';

const usage = `usage: npm run truth -- [options] [defect …]

Plants every defect (or those named) in the demo services, runs the example that claims to catch it, and runs the
examples against healthy services; topics and tables hold look-alikes of earlier runs. Exit code 1 when a defect is not
caught where it is claimed, or a healthy run is not green.

  --healthy N       runs against healthy services: half alone, a quarter four at once, a quarter so under load (20)
  --healthy-only    no defects
  --look-alikes N   stale messages in each topic and rows in each table (10000)
  --outputs DIR     write what each run printed to DIR
`;

const examples = join(import.meta.dirname, '..', '..', 'examples');

void runToTheEnd(async (signal) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      healthy: { type: 'string', default: '20' },
      'look-alikes': { type: 'string', default: '10000' },
      'healthy-only': { type: 'boolean' },
      outputs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const healthyCount = readCount('--healthy', values.healthy);
  const lookAlikes = readCount('--look-alikes', values['look-alikes']);
  const chosen = values['healthy-only'] === true ? [] : chooseDefects(positionals);
  const command = await provideCommand(note);
  note('starting PostgreSQL, Kafka and the four demo services');
  const stack = await startStack({ ports: 'free', log: note, signal });
  try {
    note(`adding ${lookAlikes} look-alikes to each topic and table`);
    await addLookAlikes(stack, lookAlikes);
    const { bin } = command;
    const areCaught = await proveDefects({ stack, bin, chosen, outputs: values.outputs, signal, note, print });
    const areGreen = await proveHealthy({ bin, vars: stack.vars }, healthyCount, signal);
    return areCaught && areGreen ? 0 : 1;
  } finally {
    await stack.stop();
    command.remove();
  }
});

function note(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readCount(flag: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`\`${flag}\` must be a whole number, got \`${text}\``);
}

function chooseDefects(names: readonly string[]): DefectName[] {
  if (names.length === 0) return Object.keys(defects) as DefectName[];
  return names.map(parseDefect).filter((name) => name !== undefined);
}

async function proveHealthy(target: Target, count: number, signal: AbortSignal): Promise<boolean> {
  const flows = readdirSync(examples)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const parts = await runHealthy(count, { flows, target, note, signal });
  for (const { name, green, runs, reds } of parts) {
    print(`healthy, ${name}: ${green} of ${runs} green`);
    for (const red of reds) print(indent(red));
  }
  return parts.every(({ reds }) => reds.length === 0);
}

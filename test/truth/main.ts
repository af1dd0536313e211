import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listSteadyDefects, parseDefect, type SteadyDefect } from '../../demo-services/shared/defects.ts';
import { runToTheEnd } from '../../demo-services/stack/foreground.ts';
import { startStack } from '../../demo-services/stack/stack.ts';
import { providePrograms } from '../support/stack/build.ts';
import { runHealthy } from './healthy.ts';
import { addLookAlikes } from './look-alikes.ts';
import { agreeing, proveContradictions } from './prove-agree.ts';
import { indent, proveDefects } from './prove-defects.ts';
import { proveEffects } from './prove-effects.ts';
import { proveReconcile } from './prove-reconcile.ts';
import { proveSignals } from './prove-signals.ts';
import { examples, type Target } from './run-example.ts';

const usage = `usage: npm run truth -- [options] [signals | agree | reconcile | defect …]

Plants every defect (or those named) in the demo services, runs the example that claims to catch it, runs the examples
against healthy services, and sends signals to a flow at random moments; topics and tables hold look-alikes of earlier
runs. Exit code 1 when a defect is not caught where it is claimed, a healthy run is not green, or a signal leaves rows,
a wrong exit code or a process behind. \`signals\` proves the last alone. Healthy runs have \`agree: auto\` in their
testmesh.yaml, as the runs have in which defects have to show as contradictions; \`agree\` proves these two alone.
\`reconcile\` loads the order service at the highest of 100, 50 and 25 orders/s that drops nothing, healthy, with each rare
defect, and with a broker that restarts, and counts in SQL and Kafka what the load says: it runs only when it is named.

  --healthy N       runs against healthy services: half alone, a quarter four at once, a quarter so under load (20)
  --healthy-only    no defects, no signals
  --effects N       runs of the example of effects: four fifths alone, a fifth of four flows at once (20)
  --signals N       moments at which a signal is sent (50)
  --seed TEXT       what these moments are drawn from (signals)
  --seconds N       how long each load of reconcile goes on (60)
  --look-alikes N   stale messages in each topic and rows in each table (10000)
  --outputs DIR     write what each run printed to DIR
`;

/** What can be proved alone. */
const PARTS: ReadonlySet<string> = new Set(['signals', 'agree', 'reconcile']);

void runToTheEnd(async (signal) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      healthy: { type: 'string', default: '20' },
      'look-alikes': { type: 'string', default: '10000' },
      'healthy-only': { type: 'boolean' },
      effects: { type: 'string', default: '20' },
      signals: { type: 'string', default: '50' },
      seed: { type: 'string', default: 'signals' },
      seconds: { type: 'string', default: '60' },
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
  const effectsCount = readCount('--effects', values.effects);
  const seconds = readCount('--seconds', values.seconds);
  const isAgreeOnly = positionals.includes('agree');
  const isHealthyOnly = values['healthy-only'] === true;
  const signals = {
    count: isHealthyOnly || isAgreeOnly ? 0 : readCount('--signals', values.signals),
    seed: values.seed,
  };
  const chosen = isHealthyOnly || isAgreeOnly ? [] : chooseDefects(positionals);
  const command = await providePrograms(note);
  note('starting PostgreSQL, Kafka and the four demo services');
  const stack = await startStack({ ports: 'free', log: note, signal });
  try {
    const { bin, demo } = command;
    const proved = { stack, target: { bin, vars: stack.vars }, signal, print };
    if (positionals.includes('signals')) return (await proveInterrupted(proved.target, signals)) ? 0 : 1;
    if (positionals.includes('reconcile')) return (await proveReconcile({ ...proved, seconds })) ? 0 : 1;
    note(`adding ${lookAlikes} look-alikes to each topic and table`);
    await addLookAlikes(stack, lookAlikes);
    const areCaught = await proveDefects({ stack, bin, demo, chosen, outputs: values.outputs, signal, note, print });
    const isAgreeProved = positionals.length === 0 || isAgreeOnly;
    const doAgree = isHealthyOnly || !isAgreeProved || (await proveContradictions(proved));
    const areGreen = await proveHealthy({ ...proved.target, ...agreeing }, healthyCount, signal);
    const areTold = isAgreeOnly || (await proveHealthyEffects(proved.target, effectsCount));
    const areUndone = await proveInterrupted(proved.target, signals);
    return areCaught && doAgree && areGreen && areTold && areUndone ? 0 : 1;
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

function chooseDefects(names: readonly string[]): SteadyDefect[] {
  const steady = listSteadyDefects();
  if (names.length === 0) return steady;
  return names
    .filter((name) => !PARTS.has(name))
    .map(parseDefect)
    .flatMap((name) => steady.filter((one) => one === name));
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

async function proveHealthyEffects(target: Target, count: number): Promise<boolean> {
  const parts = await proveEffects(count, { target, note });
  for (const { name, green, runs, reds } of parts) {
    print(`effects, ${name}: ${green} of ${runs} green`);
    for (const red of reds) print(indent(red));
  }
  return parts.every(({ reds }) => reds.length === 0);
}

async function proveInterrupted(target: Target, { count, seed }: { count: number; seed: string }): Promise<boolean> {
  if (count === 0) return true;
  const { met, faults } = await proveSignals({ ...target, count, seed, note });
  const places = [...met].map(([where, runs]) => `${runs} ${where}`).join(', ');
  print(`signals, seed ${seed}: ${count} sent (${places}), ${faults.length} faults`);
  for (const fault of faults) print(indent(fault));
  return faults.length === 0;
}

import { actions } from '../../actions/registry.ts';
import { runFlows } from '../../engine/flows/run-flows.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { Value } from '../../expr/index.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { StepFinished } from '../../model/events.ts';
import { createSourceFile } from '../../model/source-file.ts';
import { planFile } from '../../plan/plan-file.ts';
import { resolveInputs } from '../../plan/select/flow-inputs.ts';
import { Stop } from '../../stop/stop.ts';
import { readOptionalFile } from '../arguments/load-plans.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** Where the flow will stand, and what it is given. */
export interface Sending {
  readonly path: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly terminal: Terminal;
  readonly version: string;
}

/** Runs a flow of one step, and gives what the step's action gave. @throws UsageError where it could not be carried out */
export async function sendOnce(text: string, sending: Sending): Promise<Readonly<Record<string, Value>>> {
  const { path, secrets, terminal, version } = sending;
  const functions = createFunctions();
  const file = createSourceFile(path, path, text);
  const { flows, diagnostics } = planFile(file, {
    actions,
    functions,
    givenNames: new Set(secrets.keys()),
    readFile: readOptionalFile,
  });
  const [plan] = flows;
  const mistake = diagnostics.find(({ severity }) => severity === 'error');
  if (!plan || mistake) throw new UsageError(mistake?.message ?? 'the request makes no flow', mistake?.help);
  const given = new Map([...secrets].map(([name, value]) => [name, { text: value, from: 'curl', isSecret: true }]));
  const inputs = { given, envFile: new Map(), processEnv: {}, environmentName: undefined, findings: [] };
  let finished: StepFinished | undefined;
  const clock = createClock();
  await runFlows([{ plan, inputs: resolveInputs(plan, inputs).inputs }], {
    clock,
    identity: { runId: 'new', version, seed: 1, isSeedFixed: false },
    consumers: [
      {
        name: 'new',
        wants: { results: true, progress: false },
        on: (event) => {
          if (event.type === 'step_finished') finished ??= event;
        },
        close: () => Promise.resolve(),
      },
    ],
    // Nothing is to be undone: a signal ends the process as it does any other.
    interrupt: { work: new Stop(), undo: new Stop() },
    services: () => ({ readEnv: (name: string) => terminal.env[name] }),
  });
  const [problem] = finished?.problems ?? [];
  const result = finished?.output.result;
  if (problem || !result)
    throw new UsageError(problem?.message ?? 'the request was not sent', problem?.hints, EXIT.errored);
  return result;
}

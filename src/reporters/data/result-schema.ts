import { describeShape, OF_LINES, type Schema, VALUE } from '../../model/event-table/event-schema.ts';
import { eventTable } from '../../model/event-table/event-table.ts';
import { integer, list, number, optional, record, type Shape, text } from '../../model/event-table/kinds.ts';
import { outcome, problem, signalName } from '../../model/event-table/problem-kinds.ts';
import { RESULT_VERSION, type ResultFailure } from './json-reporter.ts';

/** Fields of events that say nothing by themselves in a result. */
const OF_STREAM: ReadonlySet<string> = new Set(['type', 'at', 'flow', 'step', 'longestId']);

/** Makes the JSON Schema (draft 2020-12) of what the reporter `json` writes. */
export function createResultSchema(): Schema {
  const defs: Record<string, unknown> = { value: VALUE };
  const describe = (shape: Shape): Schema => describeShape(shape, defs);
  const counts = describe(fieldsOf('run_finished')['flows']?.shape ?? integer());
  const failure = defineFailure(describe);
  const flow = {
    ...pick('flow_started', describe),
    ...pick('flow_finished', describe),
    failures: { type: 'array', items: failure, description: 'what counts as wrong, in a line each' },
    moreFailures: { type: 'integer', description: 'how many more there are' },
    earlier: { type: 'array', items: failure, description: 'what was wrong in the attempts before' },
    steps: { type: 'array', items: { $ref: '#/$defs/step_result' } },
  };
  defs['step_result'] = closeOver(
    {
      ...pick('step_finished', describe),
      step: describe(fieldsOf('step_finished')['step']?.shape ?? text()),
      countsAs: {
        ...describe(outcome),
        description: 'where it is not `outcome`: it was forgiven, or is counted with the steps inside it',
      },
      logs: { type: 'array', items: closeOver(pick('log_written', describe), ['level', 'message']) },
      ...OF_LINES,
    },
    ['step', 'location', 'outcome', 'problems', 'timing', 'output', 'evidence'],
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `what testmesh's reporter json writes, version ${RESULT_VERSION}`,
    ...closeOver(
      {
        version: { const: RESULT_VERSION },
        notStarted: { type: 'string', description: 'why nothing ran' },
        ...pick('run_started', describe, ['testmesh', 'runId', 'seed', 'isSeedFixed']),
        startedAt: { ...describe(number()), description: 'ms since 1970' },
        flows: {
          type: 'array',
          items: closeOver(flow, ['about', 'inputs', 'isPartial', 'failures', 'steps']),
          description:
            'in the order in which they ended; what only the end of a flow says is absent where it broke off',
        },
        notes: { type: 'array', items: closeOver(pick('run_noted', describe), ['level', 'text']) },
        outcome: describe(outcome),
        interrupted: describe(signalName),
        durationMs: describe(number()),
        counts: closeOver({ flows: counts, steps: counts }, ['flows', 'steps']),
        flaky: { type: 'integer' },
        problems: describe(list(problem)),
      },
      ['version', 'flows'],
    ),
    $defs: defs,
  };
}

function defineFailure(describe: (shape: Shape) => Schema): Schema {
  return describe(
    record<ResultFailure>('failure', {
      attempt: optional(integer()),
      address: text(),
      outcome,
      place: text(),
      text: text(),
    }),
  );
}

/** The fields of an event that a result has. */
function pick(event: string, describe: (shape: Shape) => Schema, names?: readonly string[]): Record<string, Schema> {
  const fields = Object.entries(fieldsOf(event)).filter(([name]) => names?.includes(name) ?? !OF_STREAM.has(name));
  return Object.fromEntries(fields.map(([name, { shape }]) => [name, describe(shape)]));
}

function fieldsOf(event: string): Extract<Shape, { is: 'record' }>['fields'] {
  const shape = eventTable.is === 'choice' ? eventTable.cases[event] : undefined;
  return shape?.is === 'record' ? shape.fields : {};
}

function closeOver(properties: Readonly<Record<string, unknown>>, required: readonly string[]): Schema {
  return { type: 'object', required, properties };
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DefectName } from '../../demo-services/shared/defects.ts';
import type { Stack } from '../../demo-services/stack/stack.ts';
import { heal, indent, plant } from './prove-defects.ts';
import { type ExampleRun, runExample, type Target } from './run-example.ts';

/** Everything that each example sees of one thing has to say the same, and nothing else is changed. */
export const agreeing = { project: 'agree: auto\n' } as const;

/** Two places that a report has to show, of the step that came first and of the other. */
export type Places = readonly [string, string];

/** Which contradiction each defect makes, in an example that is there. */
export const contradictions = {
  order_event_total_in_cents: places('24', 'place_order: body.total', 'placed: message.value.total'),
  order_total_stored_tenfold: places('12', 'place_order: body.total', 'order_stored: rows[0].total'),
  order_status_wrong: places('08', 'create_order: body.status', 'order_stored: rows[0].status'),
  order_status_stored_confirmed: places('12', 'place_order: body.status', 'order_stored: rows[0].status'),
  order_stored_for_another_user: places('12', 'place_order: body.user_id', 'order_stored: rows[0].user_id'),
  order_event_for_another_user: places('24', 'place_order: body.user_id', 'placed: message.value.user_id'),
  order_quantity_stored_too_high: places('12', 'place_order: body.items[0].quantity', 'items_stored: rows[0].quantity'),
  notification_for_previous_user: places('26', 'setup/create_user: user_id', 'steps/effects: changes[…].row.user_id'),
} as const satisfies Partial<Record<DefectName, { flow: string; places: Places }>>;

export type Contradiction = keyof typeof contradictions;

export interface AgreeOptions {
  readonly stack: Stack;
  readonly target: Target;
  readonly signal: AbortSignal;
  print(text: string): void;
}

/** Plants each defect and runs its example with `agree: auto`; whether each turned it red with both places shown. */
export async function proveContradictions({ stack, target, signal, print }: AgreeOptions): Promise<boolean> {
  const names = Object.keys(contradictions) as Contradiction[];
  let found = 0;
  let last: Contradiction | undefined;
  for (const name of names) {
    signal.throwIfAborted();
    await plant(stack, name, last);
    last = name;
    const { flow, places } = contradictions[name];
    const run = await runExample(flow, { ...target, ...agreeing });
    const isShown = showsPlaces(run, places);
    if (isShown) found++;
    print(`${isShown ? '✓' : '✗'} ${name.padEnd(32)} ${flow.replace('.yaml', '').padEnd(34)} ${places.join(', ')}`);
    if (!isShown) print(indent(run.output));
  }
  if (last !== undefined) await heal(stack, last);
  print(`agree: ${found} of ${names.length} defects turn their flow red with both places shown`);
  return found === names.length;
}

/** Whether a run is red for a contradiction whose report shows both places. */
export function showsPlaces({ code, contradictions: found }: ExampleRun, places: Places): boolean {
  return code === 1 && found.some((parts) => places.every((place) => parts.map(withoutChange).includes(place)));
}

/** Changes are listed in an order of their own. */
function withoutChange(place: string): string {
  return place.replace(/changes\[\d+\]/, 'changes[…]');
}

function places(number: string, first: string, second: string): { flow: string; places: Places } {
  const flow = readdirSync(join(import.meta.dirname, '..', '..', 'examples')).find((name) => name.startsWith(number));
  return { flow: flow ?? '', places: [first, second] };
}

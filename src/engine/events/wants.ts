import type { Wants } from '../../model/consumer.ts';
import type { Outcome, RunEvent, StepFinished } from '../../model/events.ts';

/** What at least one of them wants. */
export function joinWants(all: readonly (Wants | undefined)[]): Wants {
  const exchanges = (['all', 'failed'] as const).find((which) => all.some((wants) => wants?.exchanges === which));
  return {
    ...(exchanges && { exchanges }),
    results: all.some((wants) => wants?.results),
    progress: all.some((wants) => wants?.progress),
    changes: all.some((wants) => wants?.changes),
  };
}

/** Whether the exchange of a step that came to this is wanted. */
export function wantsExchange({ exchanges }: Wants, outcome: Outcome): boolean {
  return exchanges === 'all' || (exchanges === 'failed' && outcome !== 'passed');
}

/** The event as a consumer gets it, whatever others want; undefined when it is none for it. */
export function selectWanted(event: RunEvent, wants: Wants = {}): RunEvent | undefined {
  if (event.type === 'step_progress') return wants.progress ? event : undefined;
  return event.type === 'step_finished' ? selectOfStep(event, wants) : event;
}

function selectOfStep(event: StepFinished, wants: Wants): StepFinished {
  const { exchange, ...evidence } = event.evidence;
  const { result, ...output } = event.output;
  const isPart = exchange !== undefined && !wantsExchange(wants, event.outcome);
  if (result !== undefined && !wants.results) return { ...event, output, ...(isPart && { evidence }) };
  return isPart ? { ...event, evidence } : event;
}

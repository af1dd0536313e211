import type { Wants } from '../../model/consumer.ts';
import type { Evidence, Outcome, RunEvent, StepFinished } from '../../model/events.ts';

/** What at least one of them wants. */
export function joinWants(all: readonly (Wants | undefined)[]): Wants {
  const exchanges = (['all', 'failed'] as const).find((which) => all.some((wants) => wants?.exchanges === which));
  return {
    ...(exchanges && { exchanges }),
    results: all.some((wants) => wants?.results),
    settings: all.some((wants) => wants?.settings),
    progress: all.some((wants) => wants?.progress),
    changes: all.some((wants) => wants?.changes),
    measures: all.some((wants) => wants?.measures),
    ...(all.length > 0 && all.every((wants) => wants?.brief) && { brief: true }),
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
  const { exchange, measures, done } = event.evidence;
  const lacksExchange = exchange !== undefined && !wantsExchange(wants, event.outcome);
  const lacksMeasures = measures !== undefined && !wants.measures;
  const lacksDone = done !== undefined && !wants.settings;
  const lacksEvidence = lacksExchange || lacksMeasures || lacksDone;
  const lacksResult = event.output.result !== undefined && !wants.results;
  if (!lacksEvidence && !lacksResult) return event;
  const { result, ...output } = event.output;
  return {
    ...event,
    output: lacksResult ? output : event.output,
    evidence: lacksEvidence ? leaveOut(event.evidence, { lacksExchange, lacksMeasures, lacksDone }) : event.evidence,
  };
}

/** The evidence without the parts that are not wanted. */
function leaveOut(
  { exchange, measures, done, ...rest }: Evidence,
  { lacksExchange, lacksMeasures, lacksDone }: Record<'lacksExchange' | 'lacksMeasures' | 'lacksDone', boolean>,
): Evidence {
  return {
    ...rest,
    ...(exchange && !lacksExchange && { exchange }),
    ...(measures && !lacksMeasures && { measures }),
    ...(done && !lacksDone && { done }),
  };
}

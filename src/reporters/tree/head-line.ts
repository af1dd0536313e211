import type { FlowStarted, Override, RunStarted } from '../../model/events.ts';
import { cleanLine } from '../output/text.ts';
import type { TreeContext } from './context.ts';

/** The line that opens a flow: name, file, seed, and which declared values something else has set. */
export function renderFlowHead(flow: FlowStarted, run: RunStarted | undefined, context: TreeContext): string {
  const { paint } = context;
  const facts = [
    cleanLine(flow.about.file),
    run ? describeSeed(run) : '',
    flow.about.attempt === undefined ? '' : `attempt ${flow.about.attempt}`,
    flow.isPartial ? 'chosen steps only' : '',
    flow.replayOf === undefined ? '' : `values of run ${cleanLine(flow.replayOf)}`,
    ...describeOverrides(flow.inputs.overrides),
  ];
  return ` ${[paint.bold(cleanLine(flow.about.name)), ...facts.filter((fact) => fact !== '').map((fact) => paint.dim(fact))].join('   ')}`;
}

function describeSeed(run: RunStarted): string {
  return run.isSeedFixed ? `seed ${run.seed}, fixed: "unique" values repeat` : `seed ${run.seed}`;
}

function describeOverrides(overrides: readonly Override[]): readonly string[] {
  const sources = [...new Set(overrides.map((override) => override.from))];
  return sources.map((from) => {
    const names = overrides.filter((override) => override.from === from).map(describeOverride);
    return `${names.join(', ')} from ${from === 'environment' ? 'the environment' : cleanLine(from)}`;
  });
}

function describeOverride({ name, target }: Override): string {
  return cleanLine(target ? `${name} (${target})` : name);
}

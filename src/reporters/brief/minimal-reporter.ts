import type { Consumer } from '../../model/consumer.ts';
import { countOf } from '../../util/count.ts';
import { takeShown } from '../../util/take-shown.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { renderAgain } from '../fold/again.ts';
import { countMembers } from '../fold/failure-groups.ts';
import { takeSteps, WrongFlows, type WrongGroup, type WrongStep } from '../fold/wrong-flows.ts';
import type { Again, ReporterOptions } from '../output/options.ts';
import { describeCounts, sumOf } from '../output/outcome.ts';
import { cleanLine } from '../output/text.ts';
import { describeCause } from './cause-text.ts';

const MAX_GROUPS = 20;
const MAX_STEPS = 5;
const MAX_MEMBERS = 5;
const MAX_LINES = 20;

/** Makes the reporter for programs that read text, such as coding agents: failures alone, the same each time, without colours and times. */
export function createMinimalReporter(options: ReporterOptions): Consumer {
  const wrong = new WrongFlows();
  const { again = { words: [] } } = options;
  return {
    name: 'minimal',
    wants: { exchanges: 'failed' },
    on: (event) => wrong.on(event),
    async close() {
      const lines = renderRun(wrong, again);
      options.write(lines.map((line) => `${hideWorkflowCommands(line.trimEnd())}\n`).join(''));
      await options.finish?.();
    },
  };
}

function renderRun(wrong: WrongFlows, again: Again): readonly string[] {
  const groups = wrong.end();
  const { shown } = takeShown(groups, MAX_GROUPS);
  const hidden = countMembers(groups.slice(shown.length));
  const { finished, flakyCount, warnings } = wrong;
  const noted = warnings.map(({ level, text }) => `${level}: ${cleanLine(text)}`);
  const flaky = flakyCount > 0 ? `, ${flakyCount} flaky` : '';
  const end = finished
    ? `${finished.outcome}: ${countOf(sumOf(finished.flows), 'flow')}: ${describeCounts(finished.flows)}${flaky}; steps: ${describeCounts(finished.steps)}`
    : 'the run broke off';
  return [
    ...noted,
    ...shown.flatMap((group) => renderGroup(group, again)),
    ...(hidden > 0 ? [`… and ${countOf(hidden, 'more flow')} with failures`] : []),
    ...(finished?.interrupted ? [`interrupted by ${finished.interrupted}`] : []),
    end,
  ];
}

function renderGroup(group: WrongGroup, again: Again): readonly string[] {
  const { first, members, steps, isFileShared } = group;
  const { shown, hidden } = takeSteps(group, MAX_STEPS);
  const known = shown.flatMap((step) => renderStep(first.name, step));
  const listed = first.failures.map(
    ({ outcome, place, address, text }) => `${outcome} ${place} ${nameStep(first.name, address)}: ${text}`,
  );
  const others = takeShown(members.slice(1), MAX_MEMBERS);
  const command = renderAgain(first, { isFileShared }, again);
  return [
    ...(steps.length > 0 ? known : listed.slice(0, MAX_STEPS)),
    ...(hidden > 0 ? [`  … and ${countOf(hidden, 'more failure')} in this flow`] : []),
    ...(members.length > 1 ? [`  ${members.length} flows fail alike, also:`] : []),
    ...others.shown.map(({ name, place }) => `    ${place} ${cleanLine(name)}`),
    ...(others.hidden > 0 ? [`    … and ${others.hidden} more`] : []),
    ...(command === undefined ? [] : [`  again: ${command}`]),
  ];
}

function renderStep(flow: string, step: WrongStep): readonly string[] {
  const { outcome, place, address } = step;
  const at = place.file === '' ? '' : `${cleanLine(place.file)}:${place.line} `;
  const cause = describeCause(step, { isPlaced: false, maxLines: MAX_LINES });
  return [`${outcome} ${at}${nameStep(flow, address)}`, ...cause.map((line) => `  ${line}`)];
}

function nameStep(flow: string, address: string): string {
  return cleanLine(address === '' ? flow : `${flow} > ${address}`);
}

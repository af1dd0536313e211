import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { takeShown } from '../../util/take-shown.ts';
import { renderAgain } from '../fold/again.ts';
import { countMembers } from '../fold/failure-groups.ts';
import { describeEarlier } from '../fold/failures.ts';
import { takeSteps, type WrongFlows, type WrongGroup, type WrongStep } from '../fold/wrong-flows.ts';
import type { Again } from '../output/options.ts';
import { describeCounts, sumOf } from '../output/outcome.ts';
import { cleanLine } from '../output/text.ts';
import { describeCause } from './cause-text.ts';
import { writeBlock, writeCode } from './markdown-text.ts';

const MAX_STEPS = 5;
const MAX_MEMBERS = 20;
const MAX_LINES = 60;
const MAX_BEFORE = 3;
/** Of a line that says what was left out. */
const ROOM = 200;

/** Writes what came of a run as Markdown, failures first, in at most so many bytes. */
export function renderMarkdown(wrong: WrongFlows, { again, maxBytes }: { again: Again; maxBytes: number }): string {
  const groups = wrong.end();
  const head = renderHead(wrong);
  const rest = renderRest(wrong);
  let room = maxBytes - sizeOf(head) - ROOM;
  const shown: string[] = [];
  for (const group of groups) {
    const text = renderGroup(group, again);
    room -= sizeOf(text);
    if (room < 0) break;
    shown.push(text);
  }
  const hidden = countMembers(groups.slice(shown.length));
  const more =
    hidden > 0 ? `… and ${countOf(hidden, 'more flow')} with failures, for which there is no room here\n\n` : '';
  const failures = groups.length > 0 ? `### Failures\n\n${shown.join('')}${more}` : '';
  // What is slow or flaky is left out where failures take the room.
  return `${head}${failures}${room >= sizeOf(rest) ? rest : ''}`;
}

function renderHead({ finished, flakyCount, warnings }: WrongFlows): string {
  const noted = warnings.map(({ level, text }) => `- ${level}: ${writeCode(text)}\n`);
  if (!finished) return `## ! The run broke off\n\n${noted.join('')}\n`;
  const { outcome, flows, steps, durationMs, interrupted } = finished;
  const mark = { passed: '✅', failed: '❌', errored: '⚠️', skipped: '⏭️' }[outcome];
  const counts = [
    `**${countOf(sumOf(flows), 'flow')}**: ${describeCounts(flows)}`,
    ...(flakyCount > 0 ? [`${flakyCount} flaky`] : []),
    `**${countOf(sumOf(steps), 'step')}**: ${describeCounts(steps)}`,
    formatDuration(durationMs),
  ];
  const ended = interrupted ? `Interrupted by ${interrupted}.\n\n` : '';
  return `## ${mark} testmesh: ${outcome}\n\n${counts.join(' · ')}\n\n${ended}${noted.length > 0 ? `${noted.join('')}\n` : ''}`;
}

function renderGroup(group: WrongGroup, again: Again): string {
  const { first, members, steps, isFileShared } = group;
  const { shown, hidden } = takeSteps(group, MAX_STEPS);
  const listed = first.failures
    .slice(0, MAX_STEPS)
    .map(({ outcome, place, address, text }) => `${outcome} ${place} ${address}: ${text}`);
  const others = takeShown(members.slice(1), MAX_MEMBERS);
  const command = renderAgain(first, { isFileShared }, again);
  return [
    `#### ${writeCode(first.name)} in ${writeCode(first.file)}${members.length > 1 ? ` and ${members.length - 1} more that fail alike` : ''}\n\n`,
    ...(steps.length > 0 ? shown.map(renderStep) : [writeBlock(listed), '\n']),
    hidden > 0 ? `… and ${countOf(hidden, 'more failure')} in this flow\n\n` : '',
    ...others.shown.map(({ name, place }) => `- ${writeCode(name)} at ${writeCode(place)}\n`),
    others.hidden > 0 ? `- … and ${others.hidden} more\n` : '',
    others.shown.length > 0 ? '\n' : '',
    command === undefined ? '' : `Again: ${writeCode(command)}\n\n`,
  ].join('');
}

function renderStep(step: WrongStep): string {
  const { outcome, address, place } = step;
  const at = place.file === '' ? '' : ` at ${writeCode(`${cleanLine(place.file)}:${place.line}`)}`;
  const head = `${address === '' ? 'The flow itself' : writeCode(address)} ${outcome}${at}`;
  return `${head}\n\n${writeBlock(describeCause(step, { isPlaced: true, maxLines: MAX_LINES }))}\n`;
}

function renderRest({ flaky, flakyCount, slow }: WrongFlows): string {
  const unstable = flaky.map(({ about, earlier }) => {
    const before = earlier.slice(0, MAX_BEFORE).map((one) => `  - ${writeCode(describeEarlier(one))}\n`);
    return `- ${writeCode(about.name)} in ${writeCode(about.file)} passed at attempt ${about.attempt}\n${before.join('')}`;
  });
  const more = flakyCount > flaky.length ? `- … and ${flakyCount - flaky.length} more\n` : '';
  const times = slow.map(
    ({ about, durationMs }) => `- ${formatDuration(durationMs)} ${writeCode(about.name)} in ${writeCode(about.file)}\n`,
  );
  return [
    flaky.length > 0 ? `### Flaky\n\n${unstable.join('')}${more}\n` : '',
    slow.length > 0 ? `### Slowest\n\n${times.join('')}\n` : '',
  ].join('');
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}

import type { Consumer } from '../../model/consumer.ts';
import { type FlowFinished, isBad, type Outcome, type Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import type { CasesAbout, CountedStep, FlowCases } from '../fold/flow-cases.ts';
import { RunCases } from '../fold/run-cases.ts';
import { beginOnce } from '../output/begin-once.ts';
import type { ReporterOptions } from '../output/options.ts';
import { firstLine, firstSaid, nameOfCase, writeProblems } from '../output/problem-text.ts';
import { cleanLine, cleanText } from '../output/text.ts';

const INDENT = '    ';

/** Writes a test point, given its number. */
type TestPoint = (number: number) => string;

/** Makes the reporter in version 14 of the Test Anything Protocol: a subtest per flow, a test point per step. */
export function createTapReporter(options: ReporterOptions): Consumer {
  let count = 0;
  const open = beginOnce(options, () => 'TAP version 14\n');
  const cases = new RunCases<TestPoint>({
    makeStep: ({ step }: CountedStep, { start }: CasesAbout) => {
      const at = { ...step.location, file: step.location.file || start.about.file };
      return makePoint(nameOfCase(step.step), step.outcome, { at, problems: step.problems, reason: step.skip?.reason });
    },
    makeFlow: ({ outcome, problems, skip }: FlowFinished, { start }: CasesAbout) =>
      makePoint('(flow)', outcome, { at: start.about, problems, reason: skip?.reason }),
    onNote: ({ level, text }) => {
      open();
      options.write(writeComments(`${level}: ${text}`));
    },
    onFlow(flow) {
      open();
      options.write(renderFlow(flow, ++count));
    },
  });
  return {
    name: 'tap',
    on: (event) => cases.on(event),
    async close() {
      cases.end();
      open();
      const { interrupted } = cases.finished ?? {};
      const note = interrupted === undefined ? '' : `# interrupted by ${interrupted}\n`;
      options.write(`1..${count}${count === 0 ? ' # SKIP nothing ran' : ''}\n${note}`);
      await options.finish?.();
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  return `TAP version 14\n${writeComments(said)}Bail out! ${describe(firstSaid(said))}\n`;
}

function renderFlow({ start, finished, cases, earlier }: FlowCases<TestPoint>, number: number): string {
  const name = describe(start.about.name);
  const points = cases.map((write, index) => write(index + 1)).join('');
  const subtest = `${points}1..${cases.length}${cases.length === 0 ? ' # SKIP nothing ran' : ''}\n`;
  const outcome = finished?.outcome ?? 'errored';
  const tried =
    earlier.length > 0 ? `# attempt ${start.about.attempt}, after ${countOf(earlier.length, 'failure')}\n` : '';
  return [
    `# Subtest: ${name}\n`,
    subtest.replaceAll(/^(?=.)/gm, INDENT),
    `${writeResult(outcome)} ${number} - ${name}${writeSkip(outcome, finished?.skip?.reason)}\n`,
    tried,
  ].join('');
}

interface PointAbout {
  readonly at: { readonly file: string; readonly line: number; readonly column?: number };
  readonly problems: readonly Problem[];
  readonly reason: string | undefined;
}

function makePoint(name: string, outcome: Outcome, { at, problems, reason }: PointAbout): TestPoint {
  const diagnosis = isBad(outcome) ? renderDiagnosis(outcome, problems, problems[0]?.location ?? at) : '';
  const text = ` - ${describe(name)}${writeSkip(outcome, reason)}\n${diagnosis}`;
  return (number) => `${writeResult(outcome)} ${number}${text}`;
}

function writeResult(outcome: Outcome): string {
  return isBad(outcome) ? 'not ok' : 'ok';
}

function writeSkip(outcome: Outcome, reason = ''): string {
  return outcome === 'skipped' ? ` # SKIP ${describe(reason)}`.trimEnd() : '';
}

/** Where and why, as YAML: texts in quotes are those of JSON, which YAML reads alike. */
function renderDiagnosis(outcome: Outcome, problems: readonly Problem[], at: PointAbout['at']): string {
  const [first] = problems;
  const { file, line, column } = at;
  const place = [
    `file: ${JSON.stringify(cleanLine(file))}`,
    `line: ${line}`,
    ...(column === undefined ? [] : [`column: ${column}`]),
  ];
  const lines = [
    '---',
    `message: ${JSON.stringify(cleanLine(firstLine(first?.message ?? outcome)))}`,
    `severity: ${outcome === 'failed' ? 'fail' : 'error'}`,
    ...(first ? [`kind: ${JSON.stringify(cleanLine([first.kind, first.code ?? ''].join(' ').trim()))}`] : []),
    'at:',
    ...place.map((entry) => `  ${entry}`),
    ...(problems.length > 0
      ? [
          'text: |2',
          ...cleanText(writeProblems(problems))
            .split('\n')
            .map((text) => hideWorkflowCommands(`  ${text}`)),
        ]
      : []),
    '...',
  ];
  return lines.map((text) => `  ${text}\n`).join('');
}

/** Text of a test point or a directive: what would begin a directive is escaped. */
function describe(text: string): string {
  return cleanLine(text).replaceAll(/[\\#]/g, '\\$&').trim();
}

function writeComments(text: string): string {
  const lines = cleanText(text).trimEnd().split('\n');
  return lines.map((line) => `# ${line}\n`).join('');
}

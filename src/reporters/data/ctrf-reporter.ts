import type { Consumer } from '../../model/consumer.ts';
import type { FlowFinished, Outcome, Problem, RunStarted } from '../../model/events.ts';
import type { CasesAbout, CountedStep, FlowCases } from '../fold/flow-cases.ts';
import { RunCases } from '../fold/run-cases.ts';
import { beginOnce } from '../output/begin-once.ts';
import type { ReporterOptions } from '../output/options.ts';
import { firstLine, firstSaid, nameOfCase, writeProblems } from '../output/problem-text.ts';
import { cleanLine, cleanText } from '../output/text.ts';

/** Of the format's specification, whose schema is published with the package `ctrf`. */
const SPEC_VERSION = '0.0.0';
const MAX_LOGS = 200;
const STATUS = { passed: 'passed', failed: 'failed', errored: 'failed', skipped: 'skipped' } as const;

type Test = Readonly<Record<string, unknown>> & {
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly flaky?: true | undefined;
};

/** Makes the reporter in the Common Test Report Format: a test per step, its flow as its suite. */
export function createCtrfReporter(options: ReporterOptions): Consumer {
  const counts = { tests: 0, passed: 0, failed: 0, skipped: 0, pending: 0, other: 0, flaky: 0, suites: 0 };
  const open = beginOnce(options, () => renderHead(cases.run));
  const cases = new RunCases<Test>({
    makeStep,
    makeFlow,
    onFlow(flow: FlowCases<Test>) {
      open();
      counts.suites++;
      for (const test of flow.cases) {
        options.write(`${counts.tests > 0 ? ',' : ''}\n${JSON.stringify(test)}`);
        counts.tests++;
        counts[test.status]++;
        if (test.flaky) counts.flaky++;
      }
    },
  });
  return {
    name: 'ctrf',
    on: (event) => cases.on(event),
    async close() {
      cases.end();
      open();
      const start = cases.run?.at ?? 0;
      const duration = Math.round(cases.finished?.durationMs ?? 0);
      const summary = { ...counts, start: Math.round(start), stop: Math.round(start) + duration, duration };
      options.write(`\n],\n"summary":${JSON.stringify(summary)}}}\n`);
      await options.finish?.();
    },
  };
}

/** What it says of a run that did not start. */
export function renderNotStarted(said: string): string {
  const trace = cleanText(said).trimEnd();
  const test = {
    name: 'the run could not start',
    status: 'failed',
    duration: 0,
    rawStatus: 'not started',
    message: firstSaid(said),
    trace,
  };
  const counts = { tests: 1, passed: 0, failed: 1, skipped: 0, pending: 0, other: 0, start: 0, stop: 0 };
  return `${renderHead(undefined)}\n${JSON.stringify(test)}\n],\n"summary":${JSON.stringify(counts)}}}\n`;
}

function renderHead(run: RunStarted | undefined): string {
  const format = { reportFormat: 'CTRF', specVersion: SPEC_VERSION, runId: run?.runId, generatedBy: 'testmesh' };
  const tool = { name: 'testmesh', version: run?.testmesh };
  return `${JSON.stringify(format).slice(0, -1)},\n"results":{"tool":${JSON.stringify(tool)},\n"tests":[`;
}

function makeStep({ step, happened, logs }: CountedStep, about: CasesAbout): Test {
  const { address } = step.step;
  const { startedAt, durationMs } = step.timing;
  const before = about.earlier.filter((one) => one.address === address);
  const start = Math.round(startedAt);
  const duration = Math.round(durationMs);
  return {
    ...describeTest(nameOfCase(step.step), step.outcome, { ...about, address }),
    ...{ duration, start, stop: start + duration },
    filePath: step.location.file || about.start.about.file || undefined,
    line: step.location.line,
    rawStatus: happened.outcome,
    ...describeProblems(step.problems, step.skip?.reason),
    ...(before.length > 0 && {
      flaky: step.outcome === 'passed' ? true : undefined,
      retryAttempts: before.map(({ attempt, text, place }) => ({
        attempt,
        status: 'failed',
        message: cleanText(`${place}   ${text}`),
      })),
    }),
    stdout:
      logs.length > 0
        ? logs.slice(0, MAX_LOGS).map(({ level, message }) => cleanText(`${level}: ${message}`))
        : undefined,
  };
}

/** A flow that is wrong by itself, or of which nothing ran. */
function makeFlow({ problems, outcome, skip }: FlowFinished, about: CasesAbout): Test {
  const { file, line } = problems[0]?.location ?? about.start.about;
  return {
    ...describeTest('(flow)', outcome, { ...about, address: '' }),
    ...{ duration: 0, filePath: file || undefined, line, rawStatus: outcome },
    ...describeProblems(problems, skip?.reason),
  };
}

function describeTest(
  name: string,
  outcome: Outcome,
  { start, address }: Pick<CasesAbout, 'start'> & { address: string },
) {
  const { id, name: flow, file, row, repeat, attempt = 1, tags } = start.about;
  const places = [file, id, row, repeat, address].filter((part) => part !== undefined && part !== '');
  return {
    testId: places.join('#'),
    name: cleanLine(name) || 'step',
    suite: [cleanLine(flow)],
    status: STATUS[outcome],
    tags: tags.length > 0 ? tags : undefined,
    parameters: row === undefined ? undefined : { row },
    retries: attempt > 1 ? attempt - 1 : undefined,
  } as const;
}

function describeProblems(problems: readonly Problem[], reason: string | undefined) {
  if (problems.length === 0) return { message: reason === undefined ? undefined : cleanText(reason) };
  return { message: cleanText(firstLine(problems[0]?.message ?? '')), trace: cleanText(writeProblems(problems)) };
}

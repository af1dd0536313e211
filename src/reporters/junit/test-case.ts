import type { FlowFinished, LogWritten, Outcome, Problem, Skip, StepFinished } from '../../model/events.ts';
import { writeExchange } from '../exchange/write-exchange.ts';
import { describeEarlier, type EarlierFailure } from '../fold/failures.ts';
import type { CasesAbout, CountedStep } from '../fold/flow-cases.ts';
import { firstLine, nameOfCase, writeProblems } from '../output/problem-text.ts';
import { openTag, textElement, toSeconds } from './xml.ts';

// Reports are read whole by CI servers, so a case holds a few screens at most.
const MAX_BODY = 8000;
const MAX_LINES = 200;
const MAX_BRIEF = 1000;
const BRIEF = '(the rest is left out: build servers refuse a file of more than 30 MB)';

/** How a case is written. */
export interface CaseStyle {
  readonly classname: string;
  /** Whether there is little room left. */
  readonly isBrief?: boolean;
}

/** One step as a `testcase`; its place is the first line of its output, since readers that hold it against a schema take no attribute for it. */
export function renderCase(
  { step, logs }: CountedStep,
  { start, earlier }: CasesAbout,
  { classname, isBrief = false }: CaseStyle,
): string {
  const { address } = step.step;
  const attributes = { name: nameOfCase(step.step), classname, time: toSeconds(step.timing.durationMs) };
  const place = `at ${step.location.file || start.about.file}:${step.location.line}`;
  const output = [place, ...(isBrief ? [BRIEF] : listOutput(step, logs))].join('\n');
  const children = [
    ...renderOutcome(step.outcome, step.problems, { skip: step.skip, isBrief }),
    ...earlier.filter((one) => one.address === address).map((one) => renderEarlier(one, step.outcome)),
    textElement('system-out', {}, output),
  ];
  return renderElement(attributes, children);
}

/** What is wrong with a flow by itself, or that nothing of it ran, as a `testcase`. */
export function renderFlowCase(flow: FlowFinished, classname: string): string {
  const attributes = { name: '(flow)', classname, time: toSeconds(0) };
  return renderElement(attributes, renderOutcome(flow.outcome, flow.problems, { skip: flow.skip }));
}

function renderElement(attributes: Parameters<typeof openTag>[1], children: readonly string[]): string {
  if (children.length === 0) return `    ${openTag('testcase', attributes, true)}`;
  const lines = children.map((child) => `      ${child}`);
  return [`    ${openTag('testcase', attributes)}`, ...lines, '    </testcase>'].join('\n');
}

/** One element for all problems: several readers take only the first. */
function renderOutcome(
  outcome: Outcome,
  problems: readonly Problem[],
  { skip, isBrief = false }: { readonly skip: Skip | undefined; readonly isBrief?: boolean },
): readonly string[] {
  if (outcome === 'passed') return [];
  if (outcome === 'skipped') return [openTag('skipped', { message: skip?.reason }, true)];
  const [first] = problems;
  const attributes = {
    message: first ? firstLine(first.message) : outcome,
    type: [first?.kind, first?.code].filter((part) => part !== undefined).join(' ') || outcome,
  };
  const whole = writeProblems(problems);
  const text = isBrief && whole.length > MAX_BRIEF ? `${whole.slice(0, MAX_BRIEF)}… ${BRIEF}` : whole;
  return [textElement(outcome === 'failed' ? 'failure' : 'error', attributes, text)];
}

/** As build servers read it: of a step that passed in the end a flaky failure, of another one of a rerun. */
function renderEarlier(failure: EarlierFailure, outcome: Outcome): string {
  const kind = failure.outcome === 'failed' ? 'Failure' : 'Error';
  const attributes = { message: firstLine(failure.text), type: failure.outcome };
  const name = `${outcome === 'passed' ? 'flaky' : 'rerun'}${kind}`;
  const trace = textElement('stackTrace', {}, describeEarlier(failure));
  return `${openTag(name, attributes)}${trace}</${name}>`;
}

function listOutput(step: StepFinished, logs: readonly LogWritten[]): readonly string[] {
  const { details, notes } = step.evidence;
  const exchange = step.evidence.exchange && writeExchange(step.evidence.exchange);
  const sections = [
    step.outcome === 'skipped' ? '' : step.output.summary,
    ...logs.slice(0, MAX_LINES).map(({ level, message }) => `${level}: ${message}`),
    renderSide('sent', exchange?.sent, exchange?.sentBody),
    renderSide('received', exchange?.received, exchange?.receivedBody),
    ...details.map(({ title, lines }) => [title, ...lines.slice(0, MAX_LINES)].join('\n  ')),
    exchange?.byHand === undefined ? '' : `by hand: ${cutBody(exchange.byHand)}`,
    ...notes.map((note) => `note: ${note}`),
  ];
  return sections.filter((section) => section !== '');
}

function renderSide(label: string, head: string | undefined, body: string | undefined): string {
  if (head === undefined && body === undefined) return '';
  return [`${label}: ${head ?? ''}`, ...(body ? [cutBody(body)] : [])].join('\n');
}

function cutBody(body: string): string {
  return body.length <= MAX_BODY ? body : `${body.slice(0, MAX_BODY)}… ${body.length - MAX_BODY} more characters`;
}

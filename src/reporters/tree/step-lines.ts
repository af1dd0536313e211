import { formatValue, printJson } from '../../expr/index.ts';
import { type Captured, type Detail, isBad, type Problem, type Skip, type StepFinished } from '../../model/events.ts';
import { renderProblem } from '../../source/render/render-problem.ts';
import { breakColumns } from '../../util/cells.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { takeShown } from '../../util/take-shown.ts';
import type { ExchangeText } from '../exchange/exchange-text.ts';
import { saysNothingCame, writeExchange } from '../exchange/write-exchange.ts';
import { layOutBody } from '../output/body.ts';
import { describeProblem, markOf, paintOutcome } from '../output/outcome.ts';
import { cleanLine, cleanText, cutTo, measureWidth, padTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';

/** A finished step and how it stands in the tree. */
export interface StepView {
  readonly step: StepFinished;
  readonly label: string;
  readonly indent: number;
  /** Columns of the name. */
  readonly nameWidth: number;
  /** Problems that children have shown already are not shown again. */
  readonly problems: readonly Problem[];
  /** Whether the step around it shows what it sent and received. */
  readonly isShownAbove?: boolean;
  /** The flow that shows in full why it failed. */
  readonly knownFrom?: string | undefined;
}

const NAME_GAP = 2;
const ACTION_WIDTH = 16;
const TIME_WIDTH = 9;
const LABEL_WIDTH = 10;
const SCREENFUL = 20;
const DETAIL_LINES = 30;
/** On so many lines of the terminal a long one is read in full. */
const DETAIL_PIECES = 8;
const BY_HAND_CHARACTERS = 4000;

/** The line of a step: mark, name, action, time, a few words; of a skipped one: why. */
export function renderStepLine(view: StepView, context: TreeContext, skipText: string): string {
  const { step, indent } = view;
  const { paint } = context;
  const start = `${' '.repeat(indent)}${markOf(step.outcome, paint)} `;
  // The longest name touches nothing either.
  const name = `${padTo(view.label, view.nameWidth - NAME_GAP)}${' '.repeat(NAME_GAP)}`;
  const nameWidth = measureWidth(name);
  if (step.outcome === 'skipped') {
    const room = Math.max(20, context.lineWidth - indent - nameWidth - 2);
    return `${start}${paint.dim(`${name}${cutTo(skipText, room)}`)}`;
  }
  const middle = `${padTo(step.step.action, ACTION_WIDTH)}${formatDuration(step.timing.durationMs).padStart(TIME_WIDTH)}`;
  const room = context.lineWidth - indent - nameWidth - middle.length - 5;
  const summary = cutTo(cleanLine(describeStep(view)), Math.max(20, room));
  return `${start}${name}${paint.dim(middle)}   ${isBad(step.outcome) ? paintOutcome(summary, step.outcome, paint) : summary}`;
}

/** Everything that stands below the line of a step; empty when there is nothing to say. */
export function renderStepBlock(view: StepView, context: TreeContext): readonly string[] {
  const { step } = view;
  // What a look of a poll saw is reported by the poll.
  const isShown = isBad(step.outcome) && step.step.role !== 'look';
  const isFull = isShown || context.verbosity > 0;
  const [problem] = view.problems;
  if (view.knownFrom !== undefined && problem) {
    const text = `${describeProblem(problem)}: as in "${cleanLine(view.knownFrom)}" and others above`;
    return ['', `${' '.repeat(view.indent + 2)}${cutTo(text, context.lineWidth - view.indent - 2)}`, ''];
  }
  if (!isFull && step.evidence.notes.length === 0) return [];
  const width = context.columns - view.indent - 2;
  const wire = step.evidence.exchange && isFull ? writeExchange(step.evidence.exchange) : undefined;
  const isSaid = isShown && step.evidence.exchange && saysNothingCame(step.evidence.exchange);
  const shown = isSaid ? { ...wire, received: undefined } : wire;
  const exchange = shown && !view.isShownAbove ? renderExchange(shown, width, context) : [];
  const details = isFull ? step.evidence.details.map((detail) => renderDetail(detail, context)) : [];
  const byHand = isShown && wire?.byHand ? labelled('by hand', cutByHand(wire.byHand), context) : [];
  const rest = [...byHand, ...renderRest(step, width, context)];
  const sections = [
    ...(isShown ? view.problems.map((problem) => renderProblemLines(problem, view.indent + 2, context)) : []),
    ...(details.length > 0 ? [exchange, ...details, rest] : [[...exchange, ...rest]]),
  ].filter((section) => section.length > 0);
  if (sections.length === 0) return [];
  const pad = ' '.repeat(view.indent + 2);
  // Below a failure there is air; below a step that passed, lines are many and stay close.
  const lines = isShown ? sections.flatMap((section) => ['', ...section]) : sections.flat();
  return [...lines, ...(isShown ? [''] : [])].map((line) => (line === '' ? '' : pad + line));
}

/** Notes, and with `-v` captured variables, with `-vv` the whole result. */
function renderRest(step: StepFinished, width: number, context: TreeContext): readonly string[] {
  const { verbosity } = context;
  return [
    ...step.evidence.notes.flatMap((note) => labelled('note', cleanText(note), context)),
    ...(verbosity > 0 ? step.output.captures.flatMap((captured) => renderCaptured(captured, width, context)) : []),
    ...(verbosity > 1 && step.output.result !== undefined
      ? labelled('result', cleanText(printJson(step.output.result, 2)), context)
      : []),
  ];
}

/** The lines of a problem, to be indented so far. */
export function renderProblemLines(problem: Problem, indent: number, context: TreeContext): readonly string[] {
  return renderProblem(problem, context.paint, context.lineWidth - indent).split('\n');
}

/** Why a step was skipped, as its line says it. */
export function describeSkip(skip: Skip | undefined): string {
  if (!skip || skip.reason === '') return 'skipped';
  return cleanLine(isPassedOver(skip) ? skip.reason : `skipped: ${skip.reason}`);
}

/** Whether the flow went another way; there may be many of them in a row. */
export function isPassedOver({ kind }: Skip): boolean {
  return kind === 'not_reached' || kind === 'not_taken';
}

function describeStep({ step }: StepView): string {
  if (step.timing.attempts <= 1 && step.problems.length === 0) return step.output.summary;
  const first = step.problems[0];
  const parts = [
    step.output.summary,
    step.output.summary === '' && first ? (first.message.split('\n')[0] ?? '') : '',
    step.timing.attempts > 1 ? `${step.timing.attempts} attempts` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function renderExchange(exchange: ExchangeText, width: number, context: TreeContext): readonly string[] {
  return [
    ...renderSide({ label: 'sent', head: exchange.sent, body: exchange.sentBody }, width, context),
    ...renderSide({ label: 'received', head: exchange.received, body: exchange.receivedBody }, width, context),
  ];
}

interface Side {
  readonly label: string;
  readonly head: string | undefined;
  readonly body: string | undefined;
}

function renderSide(side: Side, width: number, context: TreeContext): readonly string[] {
  if (side.head === undefined && side.body === undefined) return [];
  const head = cleanText(side.head ?? '');
  const isFull = context.verbosity > 1;
  const body = layOutBody(side.body ?? '', {
    inlineWidth: Math.max(60, width - LABEL_WIDTH - head.length - 2),
    width: Math.max(40, width - LABEL_WIDTH),
    maxLines: isFull ? Number.POSITIVE_INFINITY : SCREENFUL,
  });
  const inline = body.inline ? `${head === '' ? '' : '  '}${body.inline}` : '';
  const lines = labelled(side.label, `${head}${inline}`, context);
  return [...lines, ...body.lines.map((line) => ' '.repeat(LABEL_WIDTH) + line)];
}

function renderDetail(detail: Detail, context: TreeContext): readonly string[] {
  const all = detail.lines.flatMap((line) => cleanText(line).split('\n'));
  const { shown, hidden } = takeShown(all, context.verbosity > 0 ? all.length : DETAIL_LINES);
  const width = Math.max(context.lineWidth, 100);
  const lines = shown.flatMap((line) => breakColumns(`  ${line}`, width + 2, DETAIL_PIECES));
  const more = hidden > 0 ? [`  … ${countOf(hidden, 'more line')}, \`-v\` shows all`] : [];
  return [cleanLine(detail.title), ...lines, ...more];
}

function renderCaptured(captured: Captured, width: number, context: TreeContext): readonly string[] {
  const isFull = context.verbosity > 1;
  const { value } = captured;
  const shown = captured.isSecret || value === undefined ? '(secret)' : formatValue(value, isFull ? 1_000_000 : 200);
  const text = `${cleanLine(captured.name)} = ${cleanLine(shown)}`;
  return labelled('captured', isFull ? text : cutTo(text, Math.max(60, width - LABEL_WIDTH)), context);
}

function cutByHand(text: string): string {
  const clean = cleanText(text);
  if (clean.length <= BY_HAND_CHARACTERS) return clean;
  return `${clean.slice(0, BY_HAND_CHARACTERS)}… (${clean.length - BY_HAND_CHARACTERS} more characters)`;
}

function labelled(label: string, text: string, context: TreeContext): readonly string[] {
  const [first = '', ...rest] = text.split('\n');
  return [context.paint.dim(label.padEnd(LABEL_WIDTH)) + first, ...rest.map((line) => ' '.repeat(LABEL_WIDTH) + line)];
}

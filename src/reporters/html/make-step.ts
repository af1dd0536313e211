import { formatValue } from '../../expr/index.ts';
import { isBad, type StepFinished } from '../../model/events.ts';
import type { Exchange, Header, HttpExchange, SqlReceived } from '../../model/exchange.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { writeExchange } from '../exchange/write-exchange.ts';
import type { CasesAbout, CountedStep } from '../fold/flow-cases.ts';
import { labelOf } from '../fold/step-node.ts';
import { indentJson } from '../output/body.ts';
import { writeProblems } from '../output/problem-text.ts';
import { cleanLine, cleanText } from '../output/text.ts';
import type { Named, Side, StepPage, WirePage } from './pages.ts';

/** A value is shown so far in characters. */
const MAX_VALUE = 20_000;
const MAX_ROWS = 1_000;
/** JSON up to so many characters is indented. */
const MAX_INDENTED = 2_000_000;

/** Makes what the page has of a step. */
export function makeStep({ step, happened, logs }: CountedStep, { start }: CasesAbout): StepPage {
  const { step: ref, location, outcome, problems, timing, output, evidence } = step;
  const attempts = timing.attempts > 1 ? [`${timing.attempts} attempts`] : [];
  const skip = happened.skip ? [happened.skip.reason || 'skipped'] : [];
  return {
    step: {
      address: ref.address,
      parent: ref.parent,
      label: labelOf({ step: ref, parent: undefined }),
      phase: ref.phase,
      action: ref.action,
      place: `${cleanLine(location.file)}:${location.line}`,
    },
    outcome,
    at: Math.max(0, timing.startedAt - start.at),
    ms: timing.durationMs,
    summary: cleanLine([...skip, output.summary, ...attempts].filter((part) => part !== '').join(', ')),
    problems: problems.map((problem) => writeProblems([problem])),
    notes: evidence.notes.map(cleanText),
    wire: makeWire(step),
    seen: {
      details: evidence.details.map(({ title, lines }) => ({
        title: cleanLine(title),
        text: cleanText(lines.join('\n')),
      })),
      captures: output.captures.map(({ name, value, isSecret }) => ({
        name,
        value: isSecret || value === undefined ? '(secret)' : cleanText(formatValue(value, MAX_VALUE)),
      })),
      logs: logs.map(({ level, message, data }) => ({
        name: level,
        value: cleanText(data === undefined ? message : `${message} ${formatValue(data, MAX_VALUE)}`),
      })),
    },
  };
}

function makeWire({ evidence: { exchange }, outcome }: StepFinished): WirePage {
  if (!exchange) return { sides: [] };
  const { sent, sentBody, received, receivedBody, byHand } = writeExchange(exchange);
  const { sentHeaders, receivedHeaders, table, timings } = readMore(exchange);
  const sides: Side[] = [];
  if (sent !== undefined || sentBody !== undefined)
    sides.push({ label: 'sent', head: cleanText(sent ?? ''), headers: sentHeaders, body: layOut(sentBody) });
  if (received !== undefined || receivedBody !== undefined) {
    const head = cleanText([received ?? '', ...timings].join('   '));
    const more = table && exchange.protocol === 'sql' ? (exchange.response?.rowCount ?? 0) - table.rows.length : 0;
    const cut = more > 0 ? `… and ${countOf(more, 'more row')}` : undefined;
    const body = table ? undefined : layOut(receivedBody);
    sides.push({ label: 'received', head, headers: receivedHeaders, body, table, cut });
  }
  return { sides, byHand: isBad(outcome) && byHand !== undefined ? cleanText(byHand) : undefined };
}

interface More {
  readonly sentHeaders?: readonly Named[];
  readonly receivedHeaders?: readonly Named[] | undefined;
  readonly table?: Side['table'];
  readonly timings: readonly string[];
}

/** What the texts of an exchange leave out. */
function readMore(exchange: Exchange): More {
  if (exchange.protocol === 'http') return readHttp(exchange);
  if (exchange.protocol === 'sql') return { table: makeTable(exchange.response), timings: [] };
  return { timings: [] };
}

function readHttp({ request, response }: HttpExchange): More {
  const { totalMs, waitMs } = response?.timings ?? {};
  return {
    sentHeaders: request.headers.map(nameHeader),
    receivedHeaders: response?.headers.map(nameHeader),
    timings:
      totalMs === undefined || waitMs === undefined
        ? []
        : [`${formatDuration(totalMs)}, of which ${formatDuration(waitMs)} until the first byte`],
  };
}

function nameHeader({ name, value }: Header): Named {
  return { name: cleanLine(name), value: cleanLine(value) };
}

function makeTable(response: SqlReceived | undefined): Side['table'] {
  if (!response?.rows || response.rows.length === 0) return undefined;
  const { columns, rows } = response;
  return {
    columns: columns.map(cleanLine),
    rows: rows
      .slice(0, MAX_ROWS)
      .map((row) => columns.map((column) => cleanText(formatValue(row[column] ?? null, MAX_VALUE)))),
  };
}

function layOut(body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  return cleanText(body.length <= MAX_INDENTED && isJson(body) ? indentJson(body) : body);
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

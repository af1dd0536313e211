import type { RunStarted } from '../../model/events.ts';
import { createPaint } from '../../util/paint.ts';
import { describeEarlier } from '../fold/failures.ts';
import type { FlowCases } from '../fold/flow-cases.ts';
import { renderBeside } from '../output/beside-lines.ts';
import { openTag, textElement, toSeconds } from './xml.ts';

/** One flow as a `testsuite`. */
export function renderSuite(flow: FlowCases<string>, suiteName: string, run: RunStarted | undefined): string {
  const { start, counts, cases, earlier, finished } = flow;
  const { at, about } = start;
  const { id, file, line, traceId, attempt } = about;
  const time = toSeconds(finished?.durationMs ?? 0);
  const attributes = { name: suiteName, ...counts, time, timestamp: toTimestamp(at), file: file || undefined };
  const beside = finished ? renderBeside(finished, createPaint(false)).join('\n').trim() : '';
  const output = [...earlier.map(describeEarlier), beside].join('\n').trim();
  const properties = [
    ['flow', id],
    ['line', line],
    ['seed', run?.seed],
    ['run_id', run?.runId],
    ['trace_id', traceId],
    ['attempts', attempt],
  ] as const;
  return [
    `  ${openTag('testsuite', attributes)}`,
    '    <properties>',
    ...properties
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([key, value]) => `      ${openTag('property', { name: key, value }, true)}`),
    '    </properties>',
    ...cases,
    ...(output === '' ? [] : [`    ${textElement('system-out', {}, output)}`]),
    '  </testsuite>\n',
  ].join('\n');
}

function toTimestamp(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 19);
}

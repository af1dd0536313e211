import { parseDuration } from '../values/date.ts';
import { describeMilliseconds } from '../values/milliseconds.ts';

/** How a text is written that begins like a number and goes on with letters. */
export function suggestForNumber(source: string, offset: number): string | undefined {
  const text = /^[\d.]+[A-Za-z%]+/.exec(source.slice(offset, offset + 40))?.[0] ?? '';
  const head = source.slice(Math.max(0, offset - 200), offset);
  if (/^\d+x+$/i.test(text)) return suggestForClass(head, text);
  const [, days = '', unit = ''] = /^(\d+)([dw])$/.exec(text) ?? [];
  if (days !== '') return `a length of time is written \`duration("${Number(days) * (unit === 'd' ? 24 : 168)}h")\``;
  const duration = parseDuration(text);
  if (duration === undefined) return undefined;
  const [, before] = /([\w.[\]"]+)\s*(?:[=!]=|[<>]=?)\s*$/.exec(head) ?? [];
  const [, behind] = /^\s*(?:[=!]=|[<>]=?)\s*([\w.[\]"]+)/.exec(source.slice(offset + text.length)) ?? [];
  return (
    describeMilliseconds(before ?? behind ?? '', duration) ?? `a length of time is written \`duration("${text}")\``
  );
}

/** `status == 2xx`: the range that is meant. */
function suggestForClass(head: string, text: string): string {
  const [, path = 'status', operator = '=='] = /([\w.[\]"]+)\s*(==|!=|not in|in)\s*$/.exec(head) ?? [];
  const test = operator === '!=' || operator === 'not in' ? 'not in' : 'in';
  return `write \`${path} ${test} ${text.replace(/x/gi, '0')}..${text.replace(/x/gi, '9')}\``;
}

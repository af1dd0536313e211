import { expect, it } from 'vitest';
import { maskEvent } from '../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../src/engine/events/secrets.ts';
import type { RunEvent } from '../../src/model/events.ts';

/** What stands above the carets in the masked line, of the stretch that `‹` and `›` enclose. */
function mark(line: string, secrets: readonly string[]): string {
  const text = line.replace(/[‹›]/g, '');
  const [column, endColumn] = [line.indexOf('‹') + 1, line.indexOf('›')];
  const location = { file: 'f.yaml', line: 2, column, endLine: 2, endColumn, excerpt: [{ line: 2, text }] };
  const problem = { outcome: 'failed', kind: 'assertion', message: 'x', location };
  const event = { type: 'run_finished', at: 0, problems: [problem] } as unknown as RunEvent;
  const known = createSecrets();
  for (const secret of secrets) known.add(secret);
  const masked = maskEvent(event, known);
  const moved = masked.type === 'run_finished' ? masked.problems?.[0]?.location : undefined;
  const shown = moved?.excerpt?.[0]?.text ?? '';
  const { column: first, endColumn: end } = moved?.shown ?? { column, endColumn };
  const [from, to] = [first - 1, end - 1];
  expect(moved).toMatchObject({ column, endColumn });
  return `${shown.slice(0, from)}‹${shown.slice(from, to)}›${shown.slice(to)}`;
}

const S = 'hunter2-Secr8t';
it.each([
  [`data: ${S}, assert: [‹a == 1›]`, 'data: ***, assert: [‹a == 1›]'],
  [`data: ${S}${S}, assert: [‹a == "${S}"›] # ${S}`, 'data: ******, assert: [‹a == "***"›] # ***'],
  [`‹a == "${S}"›`, '‹a == "***"›'],
  [`url: ‹${S}› x`, 'url: ‹***› x'],
  ['url: hunter‹2-Sec›r8t x', 'url: ‹***› x'],
  [`‹a == 1› # ${S}`, '‹a == 1› # ***'],
  ['‹a == 1›', '‹a == 1›'],
  ['body: { password: "Zq7-Kw2mTp", x: ‹y› }', 'body: { password: "Zq7-Kw2mTp", x: ‹y› }'],
  ['body: \'{"password":"Zq7-Kw2mTp"}\', x: ‹y›', 'body: \'{"password":"***"}\', x: ‹y›'],
])('keeps the carets of %s where they belong', (line, wanted) => {
  expect(mark(line, [S])).toBe(wanted);
});

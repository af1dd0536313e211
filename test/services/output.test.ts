import { describe, expect, it } from 'vitest';
import { chooseLines, ServiceOutput } from '../../src/services/output.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const alone = (traceId: string, ...others: readonly string[]) => ({
  traceId,
  others: { haveTrace: (id: string) => others.includes(id), ranMeanwhile: false },
});

describe('the output of a service', () => {
  it('is lines, whatever the pieces that it comes in, without escape codes', () => {
    const output = new ServiceOutput(createFakeClock());
    const lines: string[] = [];
    output.onLine((line) => lines.push(line));
    const stream = output.openStream();
    for (const piece of ['one\r\ntw', 'o\n\u001b[31mthr', 'ee\u001b[0m\n', 'rest']) stream.write(piece);
    expect(lines).toEqual(['one', 'two', 'three']);
    stream.flush();
    expect(output.listLast(2)).toEqual(['three', 'rest']);
  });

  it('shows of too many lines the last, and the last that are marked', () => {
    const output = new ServiceOutput(createFakeClock());
    const stream = output.openStream();
    stream.write('trace-1 begins\n');
    for (let index = 0; index < 500; index++) stream.write(`line ${index}\n`);
    const { lines, omitted } = chooseLines(output.listSince(0), alone('trace-1'));
    expect(lines.length).toBe(101);
    expect(lines[0]).toEqual({ text: 'trace-1 begins', isTraced: true });
    expect(lines.at(-1)).toEqual({ text: 'line 499', isTraced: false });
    expect(omitted).toBe(400);
  });

  it('leaves out what bears the trace id of another flow, which may come late through the pipe', () => {
    const output = new ServiceOutput(createFakeClock());
    const [own, other, foreign] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];
    output
      .openStream()
      .write(`got /one 00-${other}-01\ngot /two 00-${own}-01 after ${other}\na job ${foreign}\nplain\n`);
    expect(chooseLines(output.listSince(0), alone(own, other)).lines).toEqual([
      { text: `got /two 00-${own}-01 after ${other}`, isTraced: true },
      { text: `a job ${foreign}`, isTraced: false },
      { text: 'plain', isTraced: false },
    ]);
  });

  it('is what was printed since a moment', () => {
    const output = new ServiceOutput(createFakeClock());
    output.openStream().write('before\n');
    expect(chooseLines(output.listSince(Number.MAX_SAFE_INTEGER), alone('x'))).toEqual({ lines: [], omitted: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/events.ts';
import { createTreeReporter } from '../../../src/reporters/tree/tree-reporter.ts';
import { EventBuilder } from '../../support/events.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

/** The events of a flow that begins a step and is over later, in three parts. */
function splitFlow(flow: number, name: string, progress = ''): readonly (readonly RunEvent[])[] {
  const builder = new EventBuilder().flow({ flow, name, file: `${flow}.yaml` }).start('wait', { action: 'poll' });
  if (progress !== '') builder.progress('wait', progress);
  const count = builder.events.length;
  builder.finish('wait', { action: 'poll' }).endFlow('passed');
  const events = builder.events.map((event) => ('flow' in event ? { ...event, flow } : event));
  return [events.slice(0, count), events.slice(count)];
}

function open(columns?: number, rows?: number) {
  const terminal = new FakeTerminal(columns, rows);
  const reporter = createTreeReporter({ write: (text) => terminal.write(text), live: terminal, columns });
  const play = (events: readonly RunEvent[] = []): void => {
    for (const event of events) reporter.on(event);
  };
  return { terminal, reporter, play };
}

const begin = (flowCount: number) => new EventBuilder().run({ flowCount }).events;
const end = () => new EventBuilder().run().endRun().events.slice(1);

describe('several flows on a terminal', () => {
  it('are drawn below the lines, with how long they have run, what they wait for, and the counts; nothing of it stays', async () => {
    const { terminal, reporter, play } = open();
    const [a = [], aEnd] = splitFlow(0, 'Order is placed', 'status == "paid"   2 of 30 s');
    const [b = [], bEnd] = splitFlow(1, 'A user with a name that is much longer than its column');
    play(begin(3));
    play(a);
    await terminal.clock.advance(1500);
    play(b);
    await terminal.clock.advance(200);
    expect(`\n${terminal.shown}\n`).toBe(`
 Order is placed   0.yaml   seed 4711

   ⠧   1.7 s  Order is placed              wait   poll   status == "paid"   2 …
   ⠧   0.2 s  A user with a name that i…   wait   poll
   0 of 3 flows are over   2 run   1.7 s
`);
    terminal.interrupt('SIGINT: stopping\n');
    play(bEnd);
    await terminal.clock.advance(100);
    expect(`\n${terminal.shown.split('\n').slice(2).join('\n').trim()}\n`).toBe(`
SIGINT: stopping
   ⠇   1.8 s  Order is placed   wait   poll   status == "paid"   2 of 30 s
   1 of 3 flows are over: 1 passed   1 run   1.8 s
`);
    play(aEnd);
    play(end());
    await reporter.close();
    expect(terminal.shown).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|are over/);
    expect(terminal.shown).toContain('✓ wait');
    expect(terminal.clock.pendingCount).toBe(0);
  });

  it.each([
    ['a low terminal: the rest is counted', 80, 12, 9, 6],
    ['a narrow one: lines are cut', 30, 40, 9, 10],
    ['a wide one: a narrower one breaks no line', 200, 40, 9, 10],
  ])('%s', async (_, columns, rows, flows, drawn) => {
    const { terminal, play } = open(columns, rows);
    play(begin(flows));
    for (let flow = 0; flow < flows; flow++) play(splitFlow(flow, `Flow ${flow}`, 'x'.repeat(300))[0]);
    await terminal.clock.advance(100);
    const lines = terminal.shown.split('\n').filter((line) => /⠙|are over|more/.test(line));
    expect(lines).toHaveLength(drawn);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(Math.min(columns, 80) - 1);
    expect(lines.some((line) => line.includes('… and 5 more'))).toBe(rows === 12);
  });

  it('are not drawn into a question, and stand below it once it is answered', async () => {
    const { terminal, play } = open();
    play(begin(2));
    for (const flow of [0, 1]) play(splitFlow(flow, `Flow ${flow}`)[0]);
    terminal.interrupt('step: ');
    await terminal.clock.advance(500);
    expect(terminal.shown.split('\n').slice(2)).toEqual(['step:', '', '']);
    terminal.interrupt('pay\n');
    await terminal.clock.advance(100);
    expect(terminal.shown.split('\n').slice(2)).toEqual([
      'step: pay',
      ...[0, 1].map((flow) => `   ⠦   0.6 s  Flow ${flow}   wait   poll`),
      '   0 of 2 flows are over   2 run   0.6 s',
    ]);
  });

  it('are drawn anew where the terminal became narrower, and broke their lines', async () => {
    const { terminal, play } = open(80);
    play(begin(2));
    for (const flow of [0, 1]) play(splitFlow(flow, `Flow ${flow}`, 'x'.repeat(300))[0]);
    await terminal.clock.advance(100);
    const texts: string[] = [];
    terminal.columns = 40;
    const write = terminal.write.bind(terminal);
    terminal.write = (text) => {
      texts.push(text);
      write(text);
    };
    await terminal.clock.advance(100);
    // Two lines of 79 columns are two rows each by now.
    expect(texts[0]?.startsWith(`\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(4)}   ⠹`)).toBe(true);
  });
});

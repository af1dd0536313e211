import * as z from 'zod/mini';
import { describeType, type Env, type Host } from '../expr/index.ts';
import type { ChildStep } from '../model/action/children.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome, type ChildOutcome } from '../model/action/outcome.ts';
import type { Problem } from '../model/events.ts';
import type { ExpressionAt } from '../model/expression-at.ts';
import { toLocation } from '../model/location.ts';
import { anyValue, duration, expression, timeLimit } from '../model/settings.ts';
import { Stop } from '../stop/stop.ts';
import { stoppedByControl } from '../stop/stop-error.ts';
import { countOf } from '../util/count.ts';
import { formatDuration } from '../util/duration.ts';
import { Schedule } from './controls/schedule.ts';
import { addLook, describeEntry, describeTimeline, type Look, type TimelineEntry } from './controls/timeline.ts';
import { chooseTimeout } from './settings/deadline.ts';
import { roundMs } from './settings/numbers.ts';

const settings = z.strictObject({
  step: z.optional(anyValue()),
  until: z.union([expression(), z.array(expression()).check(z.minLength(1))]),
  timeout: z.optional(timeLimit()),
  interval: z.optional(duration()),
  max_interval: z.optional(duration()),
  backoff: z.optional(z.union([z.enum(['fixed', 'linear', 'exponential']), z.number().check(z.gte(1))])),
  max_attempts: z.optional(z.int().check(z.gte(1))),
  fail_when: z.optional(expression()),
});
type PollSettings = z.output<typeof settings>;

const DEFAULT_INTERVAL_MS = 500;
/** Which part of the whole time a look has to take before it is said that it was cut off. */
const LONG = 0.25;
const MORE_TIME = ['raise `timeout`, or look at what the step waits for'];

/** Does a step again and again until expressions over its result hold. */
export const poll: ActionDefinition<PollSettings> = {
  name: 'poll',
  summary: 'Repeats a step until a condition holds',
  settings: { schema: settings, expressions: { until: 'child', 'until[]': 'child', fail_when: 'child' } },
  control: { steps: ['step'] },
  result: { keys: { attempts: 'number', waited_ms: 'number', timeline: 'array' } },
  judges: true,
  traits: { ownsDeadline: true },
  async run(config, io) {
    const [child] = io.children.list;
    if (!child) throw new ActionError({ kind: 'authoring', message: '`poll` needs `step`: the step to repeat' });
    const timeoutMs = chooseTimeout(config.timeout, io);
    const over = new Stop(io.stop);
    const reason = stoppedByControl(`the wait's ${formatDuration(timeoutMs)} are up`);
    const cancel = io.clock.after(timeoutMs, () => over.end(reason));
    try {
      return await new Poll(config, io, { child, timeoutMs, over }).run();
    } finally {
      cancel();
    }
  },
};

interface PollSetup {
  readonly child: ChildStep;
  readonly timeoutMs: number;
  /** Ended at the deadline. */
  readonly over: Stop;
}

/** One poll while it runs. */
class Poll {
  readonly #config: PollSettings;
  readonly #io: ActionIo;
  readonly #setup: PollSetup;
  readonly #until: readonly ExpressionAt[];
  readonly #startedAt: number;
  readonly #timeline: TimelineEntry[] = [];
  #attempts = 0;
  #lastAnswered: Look | undefined;
  #lastErrored: Look | undefined;
  #lastSkipped: Look | undefined;
  #outcome: ChildOutcome | undefined;
  /** What `fail_when` may have missed at the last look. */
  #stopNotes: readonly string[] = [];
  /** What `fail_when` found in no look so far. */
  #untested: readonly string[] | undefined;
  /** What became of a look that the deadline cut off, and how long it had taken, ms. */
  #cutOff: { readonly outcome: ChildOutcome; readonly tookMs: number } | undefined;
  /** How many looks errored since the last that was answered. */
  #erroredSince = 0;

  constructor(config: PollSettings, io: ActionIo, setup: PollSetup) {
    this.#config = config;
    this.#io = io;
    this.#setup = setup;
    this.#until = Array.isArray(config.until) ? config.until : [config.until];
    this.#startedAt = io.clock.monotonic();
  }

  async run(): Promise<ActionOutcome> {
    try {
      return await this.#lookUntil();
    } finally {
      const { clock, report } = this.#io;
      report.measure?.value('poll_duration', clock.monotonic() - this.#startedAt);
      report.measure?.value('poll_attempts', this.#attempts);
    }
  }

  async #lookUntil(): Promise<ActionOutcome> {
    const { interval = DEFAULT_INTERVAL_MS, max_interval, backoff = 'fixed', max_attempts } = this.#config;
    const { clock, stop } = this.#io;
    const { timeoutMs } = this.#setup;
    const policy = { timeoutMs, intervalMs: interval, maxIntervalMs: max_interval ?? timeoutMs, backoff };
    const schedule = new Schedule(policy, this.#startedAt);
    for (;;) {
      const lookStartedAt = clock.monotonic();
      const look = await this.#look(lookStartedAt);
      if (stop.reason) throw stop.reason;
      if (look?.outcome === 'held') return this.#succeed();
      if (look?.outcome === 'failed') return this.#fail(look.problems);
      if (!look || this.#attempts === max_attempts) return this.#giveUp();
      const dueAt = schedule.next(lookStartedAt, clock.monotonic());
      if (dueAt === undefined) return this.#giveUp();
      await stop.idle(({ signal }) => clock.sleep(Math.max(0, dueAt - clock.monotonic()), signal));
    }
  }

  /** One look; undefined when the deadline cut it off. */
  async #look(startedAt: number): Promise<Look | undefined> {
    this.#attempts++;
    this.#showProgress();
    const { child, over } = this.#setup;
    const outcome = await this.#io.children.runStep(child, { isProbe: true, stop: over });
    if (this.#io.stop.reason || (over.reason && outcome.outcome === 'errored')) {
      this.#cutOff = { outcome, tookMs: this.#io.clock.monotonic() - startedAt };
      if (!this.#outcome) this.#show(outcome);
      return undefined;
    }
    const look = this.#judge(outcome, startedAt - this.#startedAt);
    addLook(this.#timeline, look);
    const isAnswered = look.outcome !== 'errored' && look.outcome !== 'skipped';
    if (isAnswered || !this.#lastAnswered) this.#show(outcome);
    if (look.outcome === 'errored') this.#lastErrored = look;
    else if (look.outcome === 'skipped') this.#lastSkipped = look;
    else this.#lastAnswered = look;
    this.#erroredSince = isAnswered ? 0 : this.#erroredSince + (look.outcome === 'errored' ? 1 : 0);
    this.#outcome = outcome;
    return look;
  }

  #judge(outcome: ChildOutcome, atMs: number): Look {
    this.#endFinally(outcome.problems);
    if (outcome.outcome === 'skipped') return { atMs, outcome: 'skipped', problems: [], skip: outcome.skip };
    if (outcome.outcome === 'errored') return { atMs, outcome: 'errored', problems: outcome.problems };
    const stop = this.#config.fail_when;
    const unmet = stop && outcome.result ? this.#io.expressions.check(stop, outcome.env) : undefined;
    this.#stopNotes =
      stop && outcome.result && unmet
        ? stop.expression.listDoubts(outcome.env, false, { host: this.#io.expressions.host })
        : [];
    if (stop && outcome.result && unmet === undefined) {
      return { atMs, outcome: 'failed', problems: [describeStop(stop, outcome.env, this.#io.expressions.host)] };
    }
    if (stop && unmet) {
      const { host } = this.#io.expressions;
      const untested = stop.expression.listDoubts(outcome.env, false, { kinds: 'untested', host });
      this.#untested = this.#untested?.filter((text) => untested.includes(text)) ?? untested;
    }
    this.#endFinally(unmet ? [unmet] : []);
    if (outcome.outcome === 'failed') return { atMs, outcome: 'not_yet', problems: outcome.problems };
    const problems = this.#until.flatMap((condition) => this.#io.expressions.claim(condition, outcome.env) ?? []);
    this.#endFinally(problems);
    return { atMs, outcome: problems.length === 0 ? 'held' : 'not_yet', problems };
  }

  /** What costs too much to be evaluated costs it at the next look too, and a mistake of the author stays one. */
  #endFinally(problems: readonly Problem[]): void {
    const last = problems.find(({ kind }) => kind === 'budget' || kind === 'authoring');
    if (last) throw new ActionError(last, { details: [describeTimeline(this.#timeline)], data: this.#measure() });
  }

  /** Makes the exchange of a look that of the poll: that of the look which its end is about, the last that was answered if any was. */
  #show({ exchange }: ChildOutcome): void {
    if (exchange) this.#io.report.exchange(exchange);
  }

  #showProgress(): void {
    const last = this.#timeline.at(-1);
    this.#io.report.progress(`look ${this.#attempts}${last ? `, ${describeEntry(last)}` : ''}`);
  }

  #measure() {
    const waitedMs = roundMs(this.#io.clock.monotonic() - this.#startedAt);
    return { attempts: this.#attempts, waited_ms: waitedMs, timeline: this.#timeline };
  }

  #succeed(): ActionOutcome {
    const measured = this.#measure();
    for (const note of this.#stopNotes) this.#io.report.note(note);
    for (const text of this.#untested ?? []) this.#io.report.note(`\`fail_when\`: ${text} in every look`);
    const inner = this.#outcome?.summary ?? '';
    const after = `held at look ${this.#attempts}, after ${formatDuration(measured.waited_ms)}`;
    return { result: { ...this.#outcome?.result, ...measured }, summary: inner ? `${inner}, ${after}` : after };
  }

  #fail(problems: readonly Problem[]): ActionOutcome {
    const measured = this.#measure();
    const looks = countOf(this.#attempts, 'look');
    return {
      result: { ...this.#outcome?.result, ...measured },
      summary: `${looks} in ${formatDuration(measured.waited_ms)}`,
      problems: problems.map((problem) => ({ ...problem, outcome: 'failed' })),
      details: [describeTimeline(this.#timeline)],
    };
  }

  /** Failed when something was answered, errored when every look errored. */
  #giveUp(): ActionOutcome {
    const within = `within ${formatDuration(this.#setup.timeoutMs)}`;
    const looks = countOf(this.#attempts, 'look');
    const spent = this.#attempts === this.#config.max_attempts ? `in ${looks}` : `${within} (${looks})`;
    if (this.#lastAnswered) {
      const { problems } = this.#lastAnswered;
      const nameLook = (problem: Problem) => ({
        ...problem,
        kind: 'expectation',
        message: `not ${spent}: ${problem.message}`,
        hints: [...this.#describeSilence(), ...(problem.hints ?? [])],
      });
      return this.#fail(problems.map(nameLook));
    }
    throw new ActionError(this.#describeUnanswered(spent, within), {
      details: this.#lastErrored ? [describeTimeline(this.#timeline)] : [],
      data: this.#measure(),
    });
  }

  /** What the looks came to that followed the last answer: then what did not hold may be out of date. */
  #describeSilence(): readonly string[] {
    const [last] = this.#lastErrored?.problems ?? [];
    const errored = this.#erroredSince;
    const { tookMs = 0 } = this.#cutOff ?? {};
    const which = errored === 1 ? 'the last look' : `the last ${errored} looks`;
    return [
      ...(errored > 0 && last ? [`${which} got no answer: ${last.message}`] : []),
      ...(tookMs >= this.#setup.timeoutMs * LONG
        ? [`look ${this.#attempts} got no answer in ${formatDuration(tookMs)}, and was cut off at the end`]
        : []),
    ];
  }

  /** Why there is no answer to judge: looks that errored, that were skipped, or one that was cut off. */
  #describeUnanswered(spent: string, within: string): Omit<Problem, 'outcome'> {
    const last = this.#lastErrored?.problems[0];
    const skip = this.#lastSkipped?.skip;
    if (last) {
      const { kind, code, clues, hints = MORE_TIME, location } = last;
      const message = `every look errored${skip ? ' or was skipped' : ''} ${spent}, the last: ${last.message}`;
      return { kind, code, message, clues, hints, location };
    }
    if (skip?.kind === 'when') {
      const message = `every look was skipped ${spent}: the \`when\` of \`${this.#setup.child.id}\` was false each time`;
      const hints = ['put `when` on the poll, which is then skipped itself, or make it a part of `until`'];
      return { kind: 'when', message, hints };
    }
    if (skip) return { kind: 'timeout', message: `every look was skipped ${spent}: ${skip.reason}` };
    const cut = this.#cutOff?.outcome.problems[0];
    const message = `no look was answered ${within}${cut ? `; the last: ${cut.message}` : ''}`;
    return { kind: 'timeout', message, hints: MORE_TIME };
  }
}

function describeStop({ expression, text }: ExpressionAt, env: Env, host: Host): Problem {
  const { parts } = expression.explain(env, host);
  return {
    outcome: 'failed',
    kind: 'expectation',
    message: `\`fail_when\` holds: \`${text.text}\``,
    location: toLocation(text.span),
    explained: { parts: parts.map((part) => ({ ...part, type: describeType(part.value) })) },
  };
}

import * as z from 'zod/mini';
import { type Env, layerOver, setKey, type Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError, type ActionOutcome, type SequenceOutcome } from '../model/action/outcome.ts';
import type { ConfigFinding } from '../model/action/settings.ts';
import { isBad } from '../model/events.ts';
import type { ExpressionAt } from '../model/expression-at.ts';
import { anyValue, expression } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { decide } from './controls/decide.ts';
import { describeIdle } from './controls/idle.ts';
import { RoundLog } from './controls/round-log.ts';
import { isRecord } from './settings/authored.ts';

const UNTIL = 'until';
const WHILE = 'while';

const settings = z.strictObject({
  steps: z.optional(anyValue()),
  [UNTIL]: z.optional(expression()),
  [WHILE]: z.optional(expression()),
  max: z.int().check(z.gte(1)),
  carry: z.optional(z.record(z.string(), anyValue())),
});
type RepeatSettings = z.output<typeof settings>;

type Values = Readonly<Record<string, Value>>;

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Does steps round after round while a condition holds, or until one does; values go on from each round to the next. */
export const repeat: ActionDefinition<RepeatSettings> = {
  name: 'repeat',
  summary: 'Repeats steps until a condition holds, and hands values on from round to round',
  settings: {
    schema: settings,
    expressions: { [UNTIL]: [], [WHILE]: [] },
    check: checkRepeat,
    note: { example: '{ carry: { cursor: "" }, until: cursor == nil, max: 20, steps: … }' },
  },
  control: { steps: ['steps[]'], binds: listCarried, rounds: { before: WHILE, after: UNTIL } },
  result: { keys: { rounds: 'array', count: 'number' }, captured: 'rounds' },
  judges: true,
  run: (config, io) => new Repeat(config, io).run(),
};

function listCarried(authored: unknown): readonly string[] {
  const carry = isRecord(authored) ? authored['carry'] : undefined;
  return isRecord(carry) ? Object.keys(carry) : [];
}

function checkRepeat(authored: unknown): readonly ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const isGiven = (key: string): boolean => isRecord(authored) && authored[key] !== undefined;
  if (isGiven(UNTIL) === isGiven(WHILE)) {
    const isBoth = isGiven(UNTIL);
    findings.push({
      severity: 'error',
      code: 'TM372',
      path: isBoth ? [WHILE] : [],
      isKey: isBoth,
      message: isBoth
        ? '`until` and `while` both say when the rounds end: write one of them'
        : '`repeat` needs `until`, or `while`: when the rounds end',
      help: ['`until: cursor == nil` is judged after each round, `while: cursor != nil` before it, the first one too'],
    });
  }
  for (const name of listCarried(authored)) {
    if (NAME.test(name)) continue;
    const message = `\`${name}\` cannot be a variable: expected letters, digits and \`_\``;
    findings.push({ severity: 'error', code: 'TM371', path: ['carry', name], isKey: true, message });
  }
  return findings;
}

/** One repetition while it runs. */
class Repeat {
  readonly #config: RepeatSettings;
  readonly #io: ActionIo;
  readonly #log = new RoundLog();
  readonly #names: readonly string[];
  #carried: Values;
  #isCut = false;
  #hasRun = false;

  constructor(config: RepeatSettings, io: ActionIo) {
    this.#config = config;
    this.#io = io;
    this.#carried = (config.carry ?? {}) as Values;
    this.#names = Object.keys(this.#carried);
  }

  async run(): Promise<ActionOutcome> {
    if (this.#io.children.isPart) return this.#runPart();
    try {
      if (!(await this.#goRound())) throw this.#describeEndless();
    } finally {
      for (const note of this.#log.listNotes(this.#io.step.address)) this.#io.report.note(note);
    }
    const result = this.#log.toResult();
    if (result.count === 0 && !this.#isCut) return this.#leaveNothing();
    if (!this.#hasRun && !this.#isCut) this.#io.report.note(describeIdle('nothing was checked', 'in any round'));
    return { result, summary: countOf(result.count, 'round'), captures: this.#listKept() };
  }

  /** Whether the condition ended the rounds, or one of them did. */
  async #goRound(): Promise<boolean> {
    for (let index = 0; index < this.#config.max; index++) {
      if (!this.#mayBegin()) return true;
      this.#io.memory.remember(keyOf(index), this.#carried);
      const round = await this.#doRound(index);
      if (round.isCut || isBad(round.outcome) || this.#isReached(round)) return true;
    }
    return !this.#mayBegin();
  }

  /** Rounds of a recorded run, each with what it began with then; nobody judges when they end. */
  async #runPart(): Promise<ActionOutcome> {
    const { children, memory } = this.#io;
    for (let index = 0; index < this.#config.max; index++) {
      if (!children.isChosen(index)) continue;
      const kept = memory.recall(keyOf(index));
      if (!isRecord(kept)) {
        // Where no rounds are named, all are meant that were recorded.
        if (this.#log.count > 0) break;
        const message = `round ${index} cannot run by itself: no record has what it begins with, or it may not be kept`;
        const hints = ['run the whole of it once; rounds count from 0'];
        throw new ActionError({ kind: 'authoring', message, hints });
      }
      this.#carried = kept as Values;
      const round = await this.#doRound(index);
      if (round.isCut || isBad(round.outcome)) break;
    }
    const result = this.#log.toResult();
    return { result, summary: countOf(result.count, 'round') };
  }

  async #doRound(index: number): Promise<SequenceOutcome> {
    const { children, report } = this.#io;
    report.progress(`round ${index + 1} of at most ${this.#config.max}`);
    const round = await children.runSteps(children.list, { iteration: index, carried: this.#carried });
    this.#log.add(index, round, this.#names);
    this.#isCut = round.isCut;
    this.#hasRun ||= round.outcome !== 'skipped';
    const next: { [name: string]: Value } = {};
    for (const name of this.#names) {
      const source = Object.hasOwn(round.captures, name) ? round.captures : this.#carried;
      setKey(next, name, source[name] ?? null);
    }
    this.#carried = next;
    return round;
  }

  /** Of `while`: judged before a round. */
  #mayBegin(): boolean {
    const condition = this.#config[WHILE];
    return condition ? decide(condition, this.#io, layerOver(this.#carried, this.#io.expressions.env)) : true;
  }

  /** Of `until`: judged after a round, with what it made. */
  #isReached({ env }: SequenceOutcome): boolean {
    const condition = this.#config[UNTIL];
    return condition ? decide(condition, this.#io, fallBack(env, this.#io.expressions.env)) : false;
  }

  /** What was carried to the end, be it captured in a round or not. */
  #listKept(): Values {
    const kept: { [name: string]: Value } = {};
    const provided = new Set(this.#io.children.list.flatMap(({ provides }) => provides));
    for (const name of this.#names) if (provided.has(name)) setKey(kept, name, this.#carried[name] ?? null);
    return kept;
  }

  /** Nothing was captured: the names are there all the same. */
  async #leaveNothing(): Promise<ActionOutcome> {
    const { children, report } = this.#io;
    const skip = { kind: 'not_reached', reason: 'not reached: `while` is false before the first round' } as const;
    report.note('`while` is false before the first round: nothing was done, and nothing was checked');
    await children.runSteps(children.list, { skip });
    const captures: { [name: string]: Value } = {};
    for (const { provides } of children.list) for (const name of provides) setKey(captures, name, null);
    return { result: this.#log.toResult(), summary: 'no round', captures };
  }

  #describeEndless(): ActionError {
    const { max } = this.#config;
    const rounds = countOf(max, 'round');
    const condition = this.#config[UNTIL] ?? this.#config[WHILE];
    const message = this.#config[UNTIL]
      ? `\`until\` did not hold in ${rounds}: \`${textOf(condition)}\``
      : `\`while\` still holds after ${rounds}: \`${textOf(condition)}\``;
    const hints = ['look at what ends the rounds, or raise `max` if there may be more of them'];
    return new ActionError(
      { kind: 'expectation', message, hints, location: this.#io.step.locate(['max']) },
      { details: [this.#log.describe()], data: this.#log.toResult() },
    );
  }
}

/** Under which the record keeps what a round began with. */
function keyOf(index: number): string {
  return `carried ${index}`;
}

function textOf(condition: ExpressionAt | undefined): string {
  return condition?.text.text.trim() ?? '';
}

/** Names, and others where these have none. */
function fallBack(first: Env, second: Env): Env {
  return {
    get(name) {
      const value = first.get(name);
      return value === undefined ? second.get(name) : value;
    },
    keys: () => new Set([...first.keys(), ...second.keys()]),
    explainMissing: (name, key) => first.explainMissing?.(name, key) ?? second.explainMissing?.(name, key),
  };
}

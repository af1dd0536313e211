import type { Pause, PausedAt, PauseWish } from '../../engine/lifetimes/pause.ts';
import { compile, type FunctionDef, parseJson, type Value } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { splitPair } from '../arguments/given-inputs.ts';
import { describeError, describePause, HELP, listSteps, listVariables, show } from './describe-pause.ts';
import type { LineReader } from './read-lines.ts';

export interface DebugOptions {
  readonly lines: LineReader;
  readonly write: (text: string) => void;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** The ids or addresses of steps before which a run that goes on stands. */
  readonly breaks: readonly string[];
  /** Reads the flow files once more; undefined where something is wrong with them, which is told. */
  readonly readAgain: () => Promise<((step: StepPlan, flowId: string) => StepPlan | undefined) | undefined>;
  /** Ends the run with its teardown. */
  readonly quit: () => void;
}

/** Goes through a run with somebody who types. */
export class DebugSession {
  readonly #options: DebugOptions;
  #isStepping: boolean;
  #isOver = false;
  #hasToldHelp = false;
  /** Branches that run at the same time stand one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DebugOptions) {
    this.#options = options;
    this.#isStepping = options.breaks.length === 0;
  }

  readonly pause: Pause = (at) => {
    const turn = this.#turn.then(() => this.#stand(at));
    this.#turn = turn.catch(() => undefined);
    return turn;
  };

  async #stand(at: PausedAt): Promise<PauseWish> {
    if (!this.#stops(at)) return { kind: 'go' };
    const { write } = this.#options;
    if (!this.#hasToldHelp) write(`${HELP}\n`);
    this.#hasToldHelp = true;
    write(describePause(at));
    for (;;) {
      const line = await this.#options.lines.read('(debug) ', (end) => at.stop.onAsk(end));
      const wish = await this.#obey(at, line);
      if (wish) return wish;
    }
  }

  #stops({ steps, next, last, stop }: PausedAt): boolean {
    if (this.#isOver || stop.asked) return false;
    if (last === 'failed' || last === 'errored') return true;
    const step = steps[next];
    if (!step) return false;
    return this.#isStepping || this.#options.breaks.some((word) => word === step.id || word === step.address);
  }

  /** Undefined where it stays where it is. */
  async #obey(at: PausedAt, line: string | undefined): Promise<PauseWish | undefined> {
    if (at.stop.asked) return { kind: 'go' };
    const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(line ?? 'q') ?? [];
    const { write } = this.#options;
    switch (word) {
      case 'n':
      case 'c':
        this.#isStepping = word === 'n';
        return { kind: 'go' };
      case 'q':
        this.#isOver = true;
        this.#options.quit();
        return { kind: 'go' };
      case 'r':
        return this.#runAgain(at);
      case 's':
        return this.#set(at, rest);
      case 'p':
        write(this.#evaluate(at, rest));
        return undefined;
      case 'v':
        write(listVariables(at));
        return undefined;
      case 'l':
        write(listSteps(at));
        return undefined;
      default:
        write(word === '' ? '' : `\`${word}\` is no command: ${HELP}\n`);
        return undefined;
    }
  }

  async #runAgain({ steps, next, last, flowId }: PausedAt): Promise<PauseWish | undefined> {
    const step = steps[next - 1];
    if (!step || last === undefined) {
      this.#options.write('nothing ran here yet that could run again\n');
      return undefined;
    }
    const find = await this.#options.readAgain();
    if (!find) return undefined;
    if (!find(step, flowId)) {
      this.#options.write(`\`${step.address}\` is not in ${step.span.file.path} any more\n`);
      return undefined;
    }
    this.#isStepping = true;
    return { kind: 'again', find: (one) => find(one, flowId) ?? one };
  }

  #evaluate(at: PausedAt, source: string): string {
    try {
      const expression = compile(source, { functions: this.#options.functions });
      return `${show(at, expression.evaluate(at.env, at.host), source.trim())}\n`;
    } catch (error) {
      return describeError(at, error);
    }
  }

  #set(at: PausedAt, text: string): PauseWish | undefined {
    const { name = '', operator, text: given = '' } = splitPair(text) ?? {};
    if (name === '') {
      this.#options.write('write `s name=value`, or `s name:=json` for a typed value\n');
      return undefined;
    }
    try {
      const isTyped = operator === ':=' || isOfType(at.env.get(name));
      return { kind: 'set', name, value: isTyped ? parseJson(given) : given };
    } catch {
      this.#options.write(`the value of \`${name}\` is not JSON: \`s name=value\` sets a text where it is one now\n`);
      return undefined;
    }
  }
}

/** Whether a variable holds what a text is read as. */
function isOfType(value: Value | undefined): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

import {
  isPlain,
  listAbsentKeys,
  listDefaults,
  listMissedKeys,
  listMisspeltKeys,
  listTwins,
  listUntested,
} from './compile/absent-keys.ts';
import { type CompileOptions, compileNode } from './compile/compile.ts';
import { findDenials } from './compile/denials.ts';
import { collectUses, type NameUse, type Uses } from './compile/free-names.ts';
import { evaluateHeard, isPureCall, Parts, type Place } from './compile/parts.ts';
import { mayRemark } from './compile/remarks.ts';
import { type Env, Frame, type Host, type Thunk } from './evaluate/frame.ts';
import { type Explanation, explainNode } from './explain/explain.ts';
import type { Node } from './syntax/ast.ts';
import { parse } from './syntax/parser.ts';
import { placeError } from './values/error.ts';
import type { Budget } from './values/limits.ts';
import type { Value } from './values/value.ts';

/** A compiled expression, evaluated as often as one likes. */
export interface Expression {
  readonly source: string;
  /** Names of the environment that it uses. */
  readonly names: readonly NameUse[];
  /** Functions that it calls. */
  readonly calls: readonly string[];
  /** Variables that it makes with `let`; none may be a name of the environment. */
  readonly variables: readonly string[];
  readonly ast: Node;
  /** Whether it may call `onRemark` of its host. */
  readonly mayRemark: boolean;
  /** Whether evaluating it twice in the same environment gives the same value. */
  readonly isPure: boolean;
  /** Gives the value, at the cost of a budget that other evaluations may share; throws `ExprError` with the place in the source. */
  evaluate(env: Env, host?: Host, budget?: Budget): Value;
  /** Evaluates once, like `evaluate`, and gives the values of the parts; never throws. */
  explain(env: Env, host?: Host): Explanation;
  /**
   * What an answer rests on that may not be meant: comparisons whose sides differ by type alone, and (`all`) keys that are not there
   * where others are that may have been meant. With a host it is evaluated once more: then it is known of each test that it denies
   * whether it is so but for type, letter case or blanks. `untested` are tests of keys that are not there, `made` misspelt keys that
   * a value, whatever it is, is made of.
   */
  listDoubts(env: Env, answer: boolean, how?: DoubtOptions): readonly string[];
}

export interface DoubtOptions {
  readonly kinds?: 'all' | 'types' | 'untested' | 'made';
  readonly host?: Host;
}

/** Compiles a source; throws `ExprError` of kind `syntax` or `check`. */
export function compile(source: string, options: CompileOptions = {}): Expression {
  const ast = parse(source, options.placeholders === true);
  return new CompiledExpression(source, ast, options);
}

class CompiledExpression implements Expression {
  readonly source: string;
  readonly ast: Node;
  readonly #options: CompileOptions;
  readonly #run: Thunk;
  #parts: Parts | undefined;
  #traced: Thunk | undefined;
  #denied: Thunk | undefined;
  #uses: Uses | undefined;
  #isPure: boolean | undefined;
  #mayRemark: boolean | undefined;

  constructor(source: string, ast: Node, options: CompileOptions) {
    this.source = source;
    this.ast = ast;
    this.#options = options;
    this.#run = compileNode(source, ast, options, false);
  }

  get names(): readonly NameUse[] {
    return this.#takeUses().names;
  }

  get calls(): readonly string[] {
    return this.#takeUses().calls;
  }

  get variables(): readonly string[] {
    return this.#takeUses().variables;
  }

  get mayRemark(): boolean {
    this.#mayRemark ??= mayRemark(this.ast);
    return this.#mayRemark;
  }

  get isPure(): boolean {
    this.#isPure ??= this.calls.every((name) => isPureCall(name, this.#options));
    return this.#isPure;
  }

  evaluate(env: Env, host?: Host, budget?: Budget): Value {
    const frame = new Frame(env, host);
    if (budget !== undefined) frame.continueFrom(budget);
    try {
      const value = this.#run(frame);
      this.#remarkAbsent(value, env, host);
      return value;
    } catch (error) {
      throw placeError(error, 0, this.source.length);
    } finally {
      budget?.continueFrom(frame);
    }
  }

  explain(env: Env, host?: Host): Explanation {
    this.#traced ??= compileNode(this.source, this.ast, this.#options, true);
    const { functions = new Map() } = this.#options;
    const explanation = explainNode({ source: this.source, ast: this.ast, run: this.#traced, env, host, functions });
    this.#remarkAbsent(explanation.value, env, host);
    return explanation;
  }

  listDoubts(env: Env, answer: boolean, { kinds = 'all', host }: DoubtOptions = {}): readonly string[] {
    const denials = findDenials(this.ast, answer);
    const place = this.#placeIn(env, host);
    if (kinds === 'made') return [...new Set(listMissedKeys(this.source, denials, place))];
    if (kinds === 'untested') return listUntested(this.source, denials, place);
    const keys =
      kinds === 'all'
        ? [...listMisspeltKeys(this.source, denials, place), ...listDefaults(this.source, denials, place)]
        : [];
    const twins = host && this.isPure ? this.#listNear(env, answer, host) : listTwins(this.source, denials, env);
    return [...new Set([...keys, ...twins])];
  }

  /** What it denies that is nearly so; none where it is as it is by another value, too. */
  #listNear(env: Env, answer: boolean, host: Host): readonly string[] {
    const denials = findDenials(this.ast, answer);
    if (denials.tests.size + denials.searches.size === 0 || isPlain(denials, env)) return [];
    if (!answer) this.#denied ??= compileNode(this.source, negate(this.ast), this.#options, false);
    const run = (answer ? undefined : this.#denied) ?? this.#run;
    const said: string[] = [];
    const onRemark = (text: string, isNear?: boolean): void => void (isNear && said.push(text));
    evaluateHeard(() => run(new Frame(env, host)), host, onRemark);
    return said;
  }

  /** Only what holds may hold for want of a key. */
  #remarkAbsent(value: Value | undefined, env: Env, host: Host | undefined): void {
    if (value !== true || host?.onRemark === undefined) return;
    const texts = listAbsentKeys(this.source, findDenials(this.ast), this.#placeIn(env, host));
    for (const text of new Set(texts)) host.onRemark(text);
  }

  #placeIn(env: Env, host: Host | undefined): Place {
    this.#parts ??= new Parts(this.source, this.#options);
    return this.#parts.over(env, host);
  }

  #takeUses(): Uses {
    this.#uses ??= collectUses(this.ast);
    return this.#uses;
  }
}

/** The same claim denied; its parts are where they were. */
function negate(ast: Node): Node {
  return { ...ast, kind: 'unary', operator: 'not', operand: ast };
}

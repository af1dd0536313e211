import { isEqual, type Value } from '../../expr/index.ts';
import type { Expressions } from '../../model/action/io.ts';
import { showTyped } from '../kafka/show.ts';
import type { MutableRequest, StubRequest } from './received.ts';
import { createRules, isMatch, listDoubts, MOST_DOUBTED, measure, type RequestRules } from './request-rules.ts';
import type { AnswerSettings, DelaySettings, FaultSettings, RouteSettings } from './stub-settings.ts';
import type { ReadyAnswer } from './wire/send-answer.ts';

export type States = Map<string, Value>;

/** What a route answers a request with. */
export interface Answer {
  readonly response: AnswerSettings;
  readonly fault: FaultSettings | undefined;
  readonly delay: DelaySettings | undefined;
}

/** Makes the answers of a route, with the names of whoever set it. */
export interface AnswerMaker {
  /** @throws when it cannot be rendered */
  render(answer: Answer, request: StubRequest): ReadyAnswer;
  /** Milliseconds until the answer. */
  delayOf(answer: Answer): number;
  /** Has done what follows the answer. @throws when it cannot be rendered */
  followUp(route: Route, request: StubRequest): void;
}

/** A route of a stub: what it takes, what it answers, how often it was asked. */
export class Route {
  readonly settings: RouteSettings;
  readonly maker: AnswerMaker;
  /** `GET /users/:id`. */
  readonly name: string;
  readonly #rules: RequestRules;
  readonly #answers: readonly AnswerSettings[];
  readonly #expressions: Expressions;
  readonly #doubts = new Set<string>();
  #used = 0;

  constructor(settings: RouteSettings, expressions: Expressions, maker: AnswerMaker) {
    const { method, path, path_regex, match = {} } = settings;
    this.settings = settings;
    this.maker = maker;
    this.#expressions = expressions;
    this.#rules = createRules({ method, path, path_regex, ...match }, expressions);
    this.name = this.#rules.name;
    this.#answers = settings.responses ?? [settings.response ?? {}];
  }

  /** How many requests it answered. */
  get used(): number {
    return this.#used;
  }

  /** What its `where` may have taken for want of a key, or for a type alone. */
  get doubts(): readonly string[] {
    return [...this.#doubts];
  }

  takes(request: StubRequest, states: States): boolean {
    const { times, state } = this.settings;
    if (times !== undefined && this.#used >= times) return false;
    return isMatch(this.#rules, request) && (state === undefined || describeStates(state, states).length === 0);
  }

  /** Gives the request the parameters of its path and this route's name. */
  claim(request: MutableRequest): void {
    const params = this.#rules.pattern?.match(request.path);
    if (params) request.params = params;
    request.matched_route = this.name;
    const { where } = this.settings.match ?? {};
    if (!where || this.#used >= MOST_DOUBTED || this.#doubts.size > 0) return;
    for (const text of listDoubts(where, request, this.#expressions)) this.#doubts.add(text);
  }

  /** The next answer: several come in turn, and the last stays. */
  answer(states: States): Answer {
    const response = this.#answers[Math.min(this.#used, this.#answers.length - 1)] ?? {};
    this.#used++;
    for (const [name, value] of Object.entries(this.settings.sets ?? {})) states.set(name, value as Value);
    return {
      response,
      fault: response.fault ?? this.settings.fault,
      delay: response.delay ?? this.settings.delay,
    };
  }

  /** How far a request is from this route, and what keeps it from being taken. */
  measure(request: StubRequest, states: States): { distance: number; lines: readonly string[] } {
    const { distance, lines } = measure(this.#rules, request);
    const { times, state = {} } = this.settings;
    const more = describeStates(state, states);
    if (times !== undefined && this.#used >= times) more.push(`it is used up: \`times: ${times}\``);
    return { distance: distance + more.length / 2, lines: [...lines, ...more] };
  }
}

function describeStates(wanted: Readonly<Record<string, unknown>>, states: States): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !isEqual(states.get(name) ?? null, value as Value))
    .map(
      ([name, value]) =>
        `state ${name}: expected ${showTyped(value as Value, name)}, is ${showTyped(states.get(name), name)}`,
    );
}

import type { Node } from '../syntax/ast.ts';
import type { Value } from '../values/value.ts';

/** Rounds that are kept of each kind: those that held, those that did not, and those that gave no bool. */
const keptRounds = 3;
const keptValues = 5;

/** What an explained evaluation keeps: the values of its nodes and what went on in its loops. */
export class Trace {
  readonly values = new Map<Node, Value>();
  #loops: Map<Node, LoopTrace> | undefined;

  /** What is known of a call with a predicate; undefined when it was not reached. */
  findLoop(call: Node): LoopTrace | undefined {
    return this.#loops?.get(call);
  }

  /** Keeps a round of a loop when it is one of the first of its kind. */
  addRound(call: Node, round: Round): void {
    this.#loops ??= new Map();
    let loop = this.#loops.get(call);
    if (loop === undefined) {
      loop = { rounds: [], roundCount: 0, matchCount: 0 };
      this.#loops.set(call, loop);
    }
    const seen = round.value === true ? loop.matchCount : loop.roundCount - loop.matchCount;
    loop.roundCount++;
    if (round.value === true) loop.matchCount++;
    const kept = typeof round.value === 'boolean' ? keptRounds : keptValues;
    if (seen < kept || round.value === undefined) loop.rounds.push(round);
  }
}

/** What went on in one loop. */
export interface LoopTrace {
  /** The first rounds whose predicate held, the first where it did not, and one that ended with an error. */
  readonly rounds: Round[];
  roundCount: number;
  matchCount: number;
}

/** One item's turn. */
export interface Round {
  readonly position: number;
  readonly item: Value;
  /** What the predicate gave; undefined when it threw. */
  readonly value: Value | undefined;
  readonly trace: Trace;
}

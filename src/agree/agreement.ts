import {
  type Detail,
  type FlowStarted,
  isBad,
  type Problem,
  type RunEvent,
  type StepFinished,
} from '../model/events.ts';
import type { Exchange } from '../model/exchange.ts';
import type { FlowNames, FlowWatch, WatchedStep } from '../model/flow-watch.ts';
import type { Moment } from './judge/course.ts';
import { describeCompared, describeContradictions, describeStrangers } from './judge/describe.ts';
import { judgeThings, listContradictions } from './judge/find-contradictions.ts';
import { findStrangers } from './judge/find-strangers.ts';
import { findUnseen } from './judge/find-unseen.ts';
import { KnownIds } from './judge/known-ids.ts';
import type { Wanted } from './judge/wanted.ts';
import type { Look, Said } from './read/look.ts';
import { type Caused, readEffects } from './read/read-effects.ts';
import { readHttp } from './read/read-http.ts';
import { readMessages } from './read/read-messages.ts';
import { readMoment } from './read/read-moment.ts';
import { readRows } from './read/read-rows.ts';

/** What is said beyond this is not compared: bodies may be many and large. */
const MOST_SAYINGS = 100_000;
const LINGERS_MS = 100;

export interface AgreementOptions {
  /** What is known of a step of the flow before it runs, by its address. */
  readonly stepOf: (address: string) => WatchedStep | undefined;
  /** What is to be compared, once the flow knows all its names. */
  readonly findWanted: (names: FlowNames) => Wanted;
}

/** Follows a flow, and compares in the end what was said of each thing. */
export class Agreement implements FlowWatch {
  readonly #options: AgreementOptions;
  readonly #known = new KnownIds();
  readonly #said: Said = { sayings: [], lists: [] };
  readonly #moments: Moment[] = [];
  /** The last look of each poll. */
  readonly #looks = new Map<string, Look>();
  /** Addresses of steps that ran others, whose exchanges they show as theirs; with when the last of these ended. */
  readonly #around = new Map<string, number>();
  readonly #caused: Caused[] = [];
  readonly #begun = new Map<string, number>();
  #count = 0;
  #isFull = false;
  /** Whether a step did not pass. */
  #isBroken = false;
  #details: readonly Detail[] = [];

  constructor(options: AgreementOptions) {
    this.#options = options;
  }

  on(event: RunEvent): void {
    if (event.type === 'flow_started') this.#learn(event);
    else if (event.type === 'step_started') this.#begun.set(event.step.address, this.#tick());
    else if (event.type === 'step_finished') this.#addStep(event);
  }

  finish(names: FlowNames): readonly Problem[] {
    const seen = { said: this.#said, moments: this.#moments, known: this.#known };
    const wanted = this.#options.findWanted(names);
    const reports = judgeThings(seen, wanted);
    // What a flow that was broken off has not seen says nothing.
    const unseen = this.#isBroken || this.#isFull ? undefined : findUnseen(this.#said, wanted);
    this.#details = [...(unseen?.details ?? []), ...describeCompared(reports, { isFull: this.#isFull })];
    const strangers = wanted.things ? [] : findStrangers(this.#caused, seen);
    return [
      ...describeContradictions(listContradictions(reports)),
      ...describeStrangers(strangers),
      ...(unseen?.problems ?? []),
    ];
  }

  listDetails(): readonly Detail[] {
    return this.#details;
  }

  /** Values that the flow makes up are ids of things that nobody else knows. */
  #learn({ inputs }: FlowStarted): void {
    const volatile = new Set(inputs.volatileNames);
    for (const [name, value] of Object.entries(inputs.variables)) {
      if (volatile.has(name)) this.#known.addValue(name, value, { isMade: true });
    }
  }

  #addStep(event: StepFinished): void {
    const { step, outcome, output, evidence } = event;
    if (isBad(outcome)) this.#isBroken = true;
    if (step.role === 'watch') {
      // One that nobody asked for is there with `-vv` alone, and must not change the verdict.
      if (this.#options.stepOf(step.address)) this.#addEffects(event);
      return;
    }
    const endedAt = event.timing.startedAt + event.timing.durationMs;
    if (step.parent !== undefined) this.#around.set(step.parent, endedAt);
    for (const { name, value } of output.captures)
      if (value !== undefined) this.#known.addValue(name, value, { step: step.address });
    // What undoes the flow's work is no part of what it claims.
    if (step.phase === 'teardown' || step.role === 'cleanup' || outcome === 'skipped') return;
    const lastInside = this.#around.get(step.address);
    // A control that goes on when its steps are over waits for something.
    if (lastInside !== undefined && endedAt - lastInside > LINGERS_MS) this.#pause(this.#tick());
    const watched = this.#options.stepOf(step.address);
    if (lastInside !== undefined || watched?.isLocal) return;
    const look = this.#makeLook(event, watched);
    if (look.awaited) this.#pause(look.index - 1, look.awaited);
    if (evidence.exchange) this.#addExchange(evidence.exchange, look);
    else this.#pause(look.index);
  }

  /** What a watch of tables and topics saw is of a time behind all that went on. */
  #addEffects(event: StepFinished): void {
    const look = this.#makeLook(event, { isLocal: false, awaited: new Set() });
    this.#pause(look.index - 1);
    const { said, caused } = readEffects(event.output.result, look);
    this.#keep(said);
    this.#caused.push(...caused);
  }

  #makeLook({ step, location }: StepFinished, watched: WatchedStep | undefined): Look {
    const { address, parent, role } = step;
    const isPoll = role === 'look' && parent !== undefined;
    const around = isPoll ? this.#options.stepOf(parent) : undefined;
    const awaited = isPoll ? (around?.awaited ?? new Set<string>()) : watched?.awaited;
    const begunAt = this.#begun.get(address) ?? this.#count;
    // Where it waits it is known from just before it ended.
    this.#tick();
    const look: Look = {
      index: this.#tick(),
      step: isPoll ? parent : address,
      location,
      begunAt,
      awaited,
      isReplaced: false,
    };
    const before = isPoll ? this.#looks.get(address) : undefined;
    if (before) before.isReplaced = true;
    if (isPoll) this.#looks.set(address, look);
    return look;
  }

  #addExchange(exchange: Exchange, look: Look): void {
    const said = read(exchange, look);
    this.#keep(said);
    const begun = said.sayings.filter(({ bearing }) => bearing === 'created').map(({ id }) => id);
    const moment = readMoment(exchange, look, new Set(begun));
    if (moment) this.#moments.push(moment);
    if (moment?.kind === 'touch' && moment.isMaking) for (const id of moment.shows) this.#known.addMade(id);
  }

  #tick(): number {
    return ++this.#count;
  }

  #keep({ sayings, lists }: Said): void {
    const { sayings: kept, lists: keptLists } = this.#said;
    if (kept.length + keptLists.length > MOST_SAYINGS) {
      this.#isFull = true;
      return;
    }
    for (const saying of sayings) kept.push(saying);
    for (const list of lists) keptLists.push(list);
  }

  #pause(index: number, awaited?: ReadonlySet<string>): void {
    this.#moments.push({ kind: 'pause', index, begun: new Set(), awaited });
  }
}

function read(exchange: Exchange, look: Look): Said {
  if (exchange.protocol === 'http') return readHttp(exchange, look);
  if (exchange.protocol === 'sql') return readRows(exchange, look);
  if (exchange.protocol === 'kafka') return readMessages(exchange, look);
  return { sayings: [], lists: [] };
}

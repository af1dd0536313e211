import { type Env, type MissingName, setKey, type Value } from '../../expr/index.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { Phase } from '../../model/phase.ts';
import { LaterResult } from './later-result.ts';
import { createNames, type Names } from './name-layers.ts';
import { withCaptured } from './with-captured.ts';

/** The names that a flow knows at one moment; it never changes: each `with…` gives another. */
export interface Context extends Env {
  withCapture(name: string, value: Value): Context;
  /** One that is made of others is made once it is asked for. */
  withResult(phase: Phase, id: string, result: Value | LaterResult): Context;
  /** The same names, with why others have no value. */
  withMissing(missing: ReadonlyMap<string, MissingName>): Context;
  /** What a recorded run left around a step that runs by itself; nearer than what it left of the flow. */
  withReplayed(captures: ReadonlyMap<string, Value>, results: ReadonlyMap<string, Value>): Context;
  /** Loop variables, in front of everything. */
  withBindings(bindings: Readonly<Record<string, Value>>): Context;
  /** The same names as a phase sees them: of two steps with one id, its own first. */
  inPhase(phase: Phase): Context;
  /** The same names with what the steps of another execution of the flow made. */
  withNamesOf(other: Context): Context;
  /** The same names with the built-in ones of a step's attempt. */
  withBuiltIns(builtIns: Env): Context;
  /** What steps made of it. */
  listMade(): MadeNames;
}

/** The names that the steps of a flow made, and why they left others without a value. */
export interface MadeNames {
  readonly captures: ReadonlyMap<string, Value>;
  readonly results: Readonly<Record<Phase, ReadonlyMap<string, Value>>>;
  readonly missing: ReadonlyMap<string, MissingName>;
}

/** Declared variables, and why one that was made again has no value. */
export type DeclaredNames = ReadonlyMap<string, Value> & Pick<Env, 'explainMissing'>;

export interface ContextOptions {
  readonly inputs: FlowInputs;
  readonly replay: Replay | undefined;
  /** Declared variables as rendered; read at each look-up, so it may still grow while they are. */
  readonly declared: DeclaredNames;
  readonly builtIns: Env;
}

type Results = Readonly<Record<Phase, Names<Value | LaterResult>>>;

interface Layers {
  readonly phase: Phase;
  readonly bindings: Names;
  readonly captures: Names;
  readonly results: Results;
  readonly missing: MissingLink | undefined;
  readonly builtIns: Env;
  readonly outside: Outside;
}

/** What steps left without a value, newest first; asked only when something is wrong. */
interface MissingLink {
  readonly names: ReadonlyMap<string, MissingName>;
  readonly before: MissingLink | undefined;
}

/** What the flow was given from outside, which stays as it is while it runs. */
interface Outside {
  readonly given: ReadonlyMap<string, Value>;
  readonly replayed: { readonly captures: ReadonlyMap<string, Value>; readonly results: Results };
  readonly declared: DeclaredNames;
  /** Highest precedence first. */
  readonly rest: readonly ReadonlyMap<string, Value>[];
}

const PHASES: readonly Phase[] = ['steps', 'setup', 'teardown'];

/** Makes the context of a flow in which no step ran yet. */
export function createContext({ inputs, replay, declared, builtIns }: ContextOptions): Context {
  const outside: Outside = {
    given: inputs.given,
    declared,
    replayed: replay ? { captures: replay.captures, results: sortResults(replay) } : NOTHING_REPLAYED,
    rest: [inputs.shared, replay?.variables, inputs.row, inputs.environment, inputs.envFile, declared].filter(
      (layer) => layer !== undefined,
    ),
  };
  return new LayeredContext({
    phase: 'steps',
    bindings: NO_NAMES,
    captures: NO_NAMES,
    results: NO_RESULTS,
    missing: undefined,
    builtIns,
    outside,
  });
}

const NO_NAMES = createNames();
const NONE = createNames<Value | LaterResult>();
const NO_RESULTS: Results = { setup: NONE, steps: NONE, teardown: NONE };
const NOTHING_REPLAYED: Outside['replayed'] = { captures: new Map(), results: NO_RESULTS };

/** Its layers are its own fields: under a load several are made for each step, and one object costs less than two. */
class LayeredContext implements Context, Layers {
  readonly phase: Phase;
  readonly bindings: Names;
  readonly captures: Names;
  readonly results: Results;
  readonly missing: MissingLink | undefined;
  readonly builtIns: Env;
  readonly outside: Outside;
  #steps: Value | undefined;

  constructor({ phase, bindings, captures, results, missing, builtIns, outside }: Layers) {
    this.phase = phase;
    this.bindings = bindings;
    this.captures = captures;
    this.results = results;
    this.missing = missing;
    this.builtIns = builtIns;
    this.outside = outside;
  }

  get(name: string): Value | undefined {
    const value = findValue(this, name);
    if (value !== undefined || name !== 'steps') return value;
    this.#steps ??= collectResults(this);
    return this.#steps;
  }

  keys(): Iterable<string> {
    return listKeys(this);
  }

  withCapture(name: string, value: Value): Context {
    return this.#with({ captures: this.captures.with(name, value) });
  }

  withResult(phase: Phase, id: string, result: Value | LaterResult): Context {
    const { results } = this;
    const { setup, steps, teardown } = results;
    const own = results[phase].with(id, result);
    if (phase === 'setup') return this.#with({ results: { setup: own, steps, teardown } });
    if (phase === 'steps') return this.#with({ results: { setup, steps: own, teardown } });
    return this.#with({ results: { setup, steps, teardown: own } });
  }

  withMissing(missing: ReadonlyMap<string, MissingName>): Context {
    return this.#with({ missing: { names: missing, before: this.missing } });
  }

  explainMissing(name: string, key?: string): MissingName | undefined {
    if (key !== undefined) return name === 'steps' ? this.explainMissing(key) : undefined;
    for (let link = this.missing; link; link = link.before) {
      const missing = link.names.get(name);
      if (missing) return missing;
    }
    return this.outside.declared.explainMissing?.(name);
  }

  withBindings(bindings: Readonly<Record<string, Value>>): Context {
    let names = this.bindings;
    for (const [name, value] of Object.entries(bindings)) names = names.with(name, value);
    return this.#with({ bindings: names });
  }

  withReplayed(captures: ReadonlyMap<string, Value>, results: ReadonlyMap<string, Value>): Context {
    const { outside } = this;
    const { replayed } = outside;
    // An id hides a variable of the flow, but not one that was captured beside it.
    const near = new Map([...replayed.captures, ...results, ...captures]);
    return this.#with({ outside: { ...outside, replayed: { ...replayed, captures: near } } });
  }

  withNamesOf(other: Context): Context {
    if (!(other instanceof LayeredContext)) return this;
    const { captures, results, missing } = other;
    return this.#with({ captures, results, missing });
  }

  inPhase(phase: Phase): Context {
    return phase === this.phase ? this : this.#with({ phase });
  }

  withBuiltIns(builtIns: Env): Context {
    return this.#with({ builtIns });
  }

  listMade(): MadeNames {
    const { captures, results, missing } = this;
    const all = new Map<string, MissingName>();
    for (let link = missing; link; link = link.before)
      for (const [name, why] of link.names) if (!all.has(name)) all.set(name, why);
    const { setup, steps, teardown } = results;
    return {
      captures: captures.toMap(),
      results: { setup: makeAll(setup), steps: makeAll(steps), teardown: makeAll(teardown) },
      missing: all,
    };
  }

  #with(changed: Partial<Layers>): Context {
    const { phase, bindings, captures, results, missing, builtIns, outside } = this;
    return new LayeredContext({
      phase: changed.phase ?? phase,
      bindings: changed.bindings ?? bindings,
      captures: changed.captures ?? captures,
      results: changed.results ?? results,
      missing: changed.missing ?? missing,
      builtIns: changed.builtIns ?? builtIns,
      outside: changed.outside ?? outside,
    });
  }
}

/** Looks through the layers, highest precedence first; nil is a value, undefined is none. */
function findValue(layers: Layers, name: string): Value | undefined {
  let value = layers.bindings.get(name);
  if (value !== undefined) return value;
  value = layers.captures.get(name);
  if (value !== undefined) return value;
  value = findResult(layers.results, layers.phase, name);
  if (value !== undefined) return value;
  const { given, replayed, rest } = layers.outside;
  value = given.get(name);
  if (value !== undefined) return value;
  value = replayed.captures.get(name);
  if (value !== undefined) return value;
  value = findResult(replayed.results, layers.phase, name);
  if (value !== undefined) return value;
  for (const layer of rest) {
    value = layer.get(name);
    if (value !== undefined) return value;
  }
  return layers.builtIns.get(name);
}

function findResult(results: Results, own: Phase, id: string): Value | undefined {
  const value = results[own].get(id);
  if (value !== undefined) return makeNow(value);
  for (const phase of PHASES) {
    const other = phase === own ? undefined : results[phase].get(id);
    if (other !== undefined) return makeNow(other);
  }
  return undefined;
}

function makeNow(result: Value | LaterResult): Value {
  return result instanceof LaterResult ? result.value : result;
}

function makeAll(results: Names<Value | LaterResult>): ReadonlyMap<string, Value> {
  return new Map([...results.toMap()].map(([id, result]) => [id, makeNow(result)]));
}

/** All results by id and with their phase, for `steps["create-user"]`; what ran now in front of what was recorded. */
function collectResults({ results, phase, outside }: Layers): Value {
  const all: { [id: string]: Value } = {};
  const inOrder = [...PHASES.filter((other) => other !== phase).reverse(), phase];
  for (const source of [outside.replayed.results, results]) {
    for (const from of inOrder) {
      for (const [id, result] of source[from].toMap()) {
        setKey(all, id, makeNow(result));
        setKey(all, `${from}/${id}`, makeNow(result));
      }
    }
  }
  return all;
}

function listKeys({ bindings, captures, results, outside, builtIns }: Layers): Iterable<string> {
  const own = PHASES.map((phase) => results[phase].toMap());
  const replayed = PHASES.map((phase) => outside.replayed.results[phase].toMap());
  const maps = [
    bindings.toMap(),
    captures.toMap(),
    ...own,
    outside.given,
    outside.replayed.captures,
    ...replayed,
    ...outside.rest,
  ];
  return new Set([...maps.flatMap((map) => [...map.keys()]), ...builtIns.keys(), 'steps']);
}

/** Recorded results by phase and id; those of children are no names. */
function sortResults({ results, capturesAt }: Replay): Results {
  const create = () => new Map<string, Value | LaterResult>();
  const maps = { setup: create(), steps: create(), teardown: create() };
  for (const [address, bare] of results) {
    if (address.includes('>')) continue;
    const result = withCaptured(bare, capturesAt?.get(address) ?? []);
    const slash = address.indexOf('/');
    const phase = slash === -1 ? 'steps' : address.slice(0, slash);
    if (phase === 'setup' || phase === 'steps' || phase === 'teardown')
      maps[phase].set(address.slice(slash + 1), result);
  }
  return { setup: createNames(maps.setup), steps: createNames(maps.steps), teardown: createNames(maps.teardown) };
}

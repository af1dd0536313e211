import { USUAL_WIRE, type WireTerms } from '../../model/load/wire-terms.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { Complain } from './complain.ts';
import type { Amounts } from './executor.ts';
import type { WrittenScenario } from './read-load.ts';

/** What the flags of the command line say besides the files. */
export interface LoadOverrides {
  /** `--vus`, `--duration` and the like; empty when none is given. */
  readonly amounts: Amounts;
  /** `--scenario`; empty: all. */
  readonly scenarios: readonly string[];
  /** `--once`: one virtual user, one iteration. */
  readonly isOnce: boolean;
  readonly thresholds: readonly string[];
  readonly hasNoThresholds: boolean;
  readonly out: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
  readonly wire: Omit<WireTerms, 'links'>;
}

export const NO_OVERRIDES: LoadOverrides = {
  amounts: {},
  scenarios: [],
  isOnce: false,
  thresholds: [],
  hasNoThresholds: false,
  out: [],
  tags: new Map(),
  wire: USUAL_WIRE,
};

/** Each says how often, and takes the place of another one. */
const KINDS = ['iterations', 'duration', 'stages', 'rate'] as const;

/** The scenarios that run, with what flags say in the place of what files do. */
export function chooseScenarios(
  all: readonly WrittenScenario[],
  overrides: LoadOverrides,
  complain: Complain,
): readonly WrittenScenario[] {
  const { scenarios: wanted, amounts, isOnce } = overrides;
  const names = all.map(({ name }) => name);
  for (const name of wanted) {
    if (names.includes(name)) continue;
    const nearest = findNearest(name, names);
    complain(`--scenario: there is no scenario \`${name}\``, [
      nearest === undefined ? `there are ${listNames(names)}` : `did you mean \`${nearest}\`?`,
    ]);
  }
  const chosen = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
  const flags = isOnce
    ? ['--once']
    : Object.keys(amounts).map((key) => `--${key.replaceAll('_', '-').replace('stages', 'stage')}`);
  if (chosen.length > 1 && chosen.every(({ isImplied }) => isImplied)) {
    complain(`${chosen.length} flows are there, and nothing says how they are run together`, [
      `name one flow, or choose one with \`--scenario ${names[0]}\`, or write \`load\` into them, or \`scenarios\``,
    ]);
    return [];
  }
  if (flags.length === 0) return chosen;
  const [only] = chosen;
  if (chosen.length > 1) {
    complain(
      `${listNames(flags)} ${flags.length === 1 ? 'is' : 'are'} for one scenario, and there are ${chosen.length}`,
      [`choose one with \`--scenario ${names[0]}\`; there are ${listNames(names)}`],
    );
    return [];
  }
  if (!only) return [];
  // What is written as a scenario is not overridden in passing: k6 does, with a mere warning.
  const settings = isOnce
    ? { ...withoutAmounts(only.settings), executor: 'shared-iterations', vus: 1, iterations: 1, start_time: 0 }
    : override(only.settings, amounts);
  return [{ ...only, settings }];
}

/** Flags go before what files say; one that says how often, otherwise than the file, takes the place of all that says so. */
function override(settings: WrittenScenario['settings'], amounts: Amounts): WrittenScenario['settings'] {
  const given = KINDS.filter((key) => amounts[key] !== undefined);
  if (given.every((key) => settings[key] !== undefined)) return { ...settings, ...withoutUndefined(amounts) };
  const { vus, start_vus: start, pre_allocated_vus: first, max_vus: most, duration } = settings;
  const kept = given.includes('rate')
    ? { duration, pre_allocated_vus: first ?? amounts.vus ?? vus, max_vus: most }
    : { vus: vus ?? first ?? start };
  const { vus: _, ...rest } = amounts;
  const added = given.includes('rate') ? rest : amounts;
  return { ...withoutAmounts(settings), ...withoutUndefined({ ...kept, ...added }) };
}

function withoutAmounts(settings: WrittenScenario['settings']): WrittenScenario['settings'] {
  const { start_time, graceful_stop, exec, env, tags, think, pacing, data_mode } = settings;
  return withoutUndefined({ start_time, graceful_stop, exec, env, tags, think, pacing, data_mode });
}

function withoutUndefined<T extends object>(given: T): WrittenScenario['settings'] {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

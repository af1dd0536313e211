import type { MetricAbout, MetricKind } from '../../model/load/load-metrics.ts';
import type { ThresholdCondition } from '../../model/load/load-plan.ts';
import { listMetricTags } from '../../model/load/metric-tags.ts';
import { findNearest, listNames } from '../../util/suggest.ts';

export interface ThresholdMistake {
  readonly message: string;
  readonly help: readonly string[];
  /** Whether it is about a name that nothing has. */
  readonly isUnknown?: boolean;
}

export interface ThresholdKey {
  readonly metric: string;
  readonly tags: ReadonlyMap<string, string>;
}

const STATISTICS: Readonly<Record<MetricKind, readonly string[]>> = {
  counter: ['count', 'rate'],
  rate: ['rate'],
  gauge: ['value'],
  trend: ['avg', 'min', 'max', 'med', 'p(N)'],
};

/** `http_req_duration{step:pay}`: the metric and its tags. */
export function readThresholdKey(key: string): ThresholdKey | ThresholdMistake {
  const match = /^\s*([\w.-]+)\s*(?:\{(.*)\}\s*)?$/s.exec(key);
  if (!match?.[1])
    return {
      message: `\`${key}\` is no metric`,
      help: ['write it as `http_req_duration`, or with tags as `http_req_duration{step:pay}`'],
    };
  const tags = new Map<string, string>();
  for (const part of splitTags(match[2] ?? '')) {
    const at = part.indexOf(':');
    if (at <= 0)
      return { message: `\`${part.trim()}\` is no tag`, help: ['write tags as `{name:value}`, several with commas'] };
    tags.set(
      part.slice(0, at).trim(),
      part
        .slice(at + 1)
        .trim()
        .replace(/^(["'])(.*)\1$/s, '$2'),
    );
  }
  return { metric: match[1], tags };
}

/** `metric{tag:value}:condition`, as a flag has it. */
export function splitThreshold(flag: string): { readonly key: string; readonly text: string } {
  const [, key = flag, text = ''] = /^((?:[^:{]|\{[^}]*\})*):(.*)$/s.exec(flag) ?? [];
  return { key, text };
}

/** A check's name has an expression in it, with commas and brackets of its own. */
function splitTags(text: string): readonly string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?=\s*[A-Za-z_]\w*\s*:(?!:))/);
}

/** `p(95)<500`, for a metric of this kind. */
export function readCondition(
  text: string,
  about: { metric: string; kind: MetricKind },
): ThresholdCondition | ThresholdMistake {
  const match =
    /^\s*([a-z]+|p\(\s*[\d.]+\s*\))\s*(<=|>=|===?|!=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/.exec(text);
  if (!match)
    return {
      message: `\`${text}\` is no threshold`,
      help: [`write it as \`${EXAMPLES[about.kind]}\`${about.kind === 'trend' ? ', in ms' : ''}`],
    };
  const [, written = '', operator = '', limit = ''] = match;
  const statistic = written.replaceAll(/\s/g, '');
  const [, percent] = /^p\((.*)\)$/.exec(statistic) ?? [];
  const known = STATISTICS[about.kind];
  if (percent === undefined ? !known.includes(statistic) : about.kind !== 'trend')
    return {
      message: `\`${about.metric}\` is a ${about.kind} and has no \`${statistic}\``,
      help: [`it has ${listNames(known)}`],
    };
  if (percent !== undefined && !(Number(percent) >= 0 && Number(percent) <= 100))
    return { message: `\`${statistic}\`: expected a percentile from 0 to 100`, help: ['for example `p(95)<500`'] };
  return {
    text: text.trim(),
    statistic,
    operator: (operator === '===' ? '==' : operator) as ThresholdCondition['operator'],
    limit: Number(limit),
  };
}

const EXAMPLES: Readonly<Record<MetricKind, string>> = {
  counter: 'count<10',
  rate: 'rate<0.01',
  gauge: 'value<100',
  trend: 'p(95)<500',
};

/** The names that metrics and tags can have in a load. */
export interface KnownNames {
  /** Those that each load has, and those that steps record. */
  readonly metrics: ReadonlyMap<string, MetricAbout>;
  readonly scenario: ReadonlySet<string>;
  readonly step: ReadonlySet<string>;
  readonly check: ReadonlySet<string>;
  readonly group: ReadonlySet<string>;
  /** Tags of the whole load, which all samples have, with their values. */
  readonly whole: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tags of scenarios, with their values. */
  readonly own: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is wrong with the names in a threshold's key. */
export function checkThresholdKey({ metric, tags }: ThresholdKey, known: KnownNames): MetricAbout | ThresholdMistake {
  const about = known.metrics.get(metric);
  if (!about) return unknown('metric', metric, [...known.metrics.keys()]);
  const builtIn = listMetricTags(metric);
  const ofScenarios = builtIn.includes('scenario') ? [...known.own.keys()] : [];
  const names = [...new Set([...builtIn, ...ofScenarios, ...known.whole.keys()])];
  for (const [name, value] of tags) {
    if (!names.includes(name)) return withoutTag(metric, name, names);
    const values = valuesOf(name, known);
    if (values && !values.has(value)) return unknown(name === 'name' ? 'step' : name, value, [...values]);
  }
  return about;
}

function withoutTag(metric: string, tag: string, names: readonly string[]): ThresholdMistake {
  const help =
    names.length === 0 ? 'it is measured of the whole load, without tags' : `its tags are ${listNames(names, 20)}`;
  return { message: `\`${metric}\` has no tag \`${tag}\``, help: [help], isUnknown: true };
}

function valuesOf(name: string, { metrics: _, whole, own, ...known }: KnownNames): ReadonlySet<string> | undefined {
  if (name === 'name') return known.step;
  if (Object.hasOwn(known, name)) return known[name as keyof typeof known];
  const [ofWhole, ofOwn] = [whole.get(name), own.get(name)];
  return ofWhole || ofOwn ? new Set([...(ofWhole ?? []), ...(ofOwn ?? [])]) : undefined;
}

function unknown(what: string, name: string, names: readonly string[]): ThresholdMistake {
  const nearest = findNearest(name, names);
  const help =
    nearest === undefined
      ? names.length === 0
        ? []
        : [`there are ${listNames(names, 20)}`]
      : [`did you mean \`${nearest}\`?`];
  return { message: `no ${what} is called \`${name}\``, help, isUnknown: true };
}

export function isMistake(value: object): value is ThresholdMistake {
  return 'message' in value;
}

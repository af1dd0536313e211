import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import type { ActiveFault } from './active-fault.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { Faults } from './fault-settings.ts';

/** Why a fault met nothing, and what to look at next. */
export interface Unmet {
  readonly why: string;
  readonly hints: readonly string[];
}

const NO_WAY: readonly string[] = ['does the service use the address of the proxy?'];

/** Says why nothing met a fault. */
export function explainUnmet(fault: ActiveFault, { protocol, faults: list }: FaultProxy): Unmet {
  const { faults, seen, share } = fault;
  const what = protocol === 'http' ? 'request' : 'connection';
  const late = seen.things + seen.passed === 0 ? list.findLate(fault) : undefined;
  if (late && fault.lastsMs !== undefined) {
    const why = `\`for: ${formatDuration(fault.lastsMs)}\` was over before the ${late} ${what} came`;
    return { why, hints: ['make it longer, or leave `for` out and end it with `fault_clear`'] };
  }
  if (faults.down) return { why: 'nobody was refused while it was set', hints: NO_WAY };
  if (faults.withhold_acks && seen.topics.size > 0) return explainTopics(faults.withhold_acks, seen.topics);
  if (seen.things + seen.passed === 0) return { why: 'nothing went through the proxy while it was set', hints: NO_WAY };
  if (seen.things === 0) {
    const { name, lines } = seen.nearest ?? { name: '', lines: [] };
    const count = countOf(seen.passed, 'request');
    return {
      why: `of ${count} that went through, none is as \`match\` says`,
      hints: [`nearest is ${name}: ${lines.join(', ')}`],
    };
  }
  const count = countOf(seen.things, what);
  if (seen.chosen === 0) {
    const why = `of ${count} that went through, none is of its share of ${share}`;
    return { why, hints: ['a share is exact: of 10 at 0.3 it is the 4th, the 7th and the 10th'] };
  }
  const names = Object.keys(faults) as (keyof Faults)[];
  const reasons = new Set(names.map((name) => explainOne(name, faults, protocol)));
  const isOfSize = names.some((name) => name === 'limit' || name === 'reset' || name === 'slice');
  const most = isOfSize ? `: the most that one ${what} had was ${countOf(seen.mostBytes, 'byte')}` : '';
  return {
    why: `${countOf(seen.chosen, what)} went through while it was set, but ${[...reasons].join(' and ')}${most}`,
    hints: [],
  };
}

/** Why one of its faults changed nothing of what went through. */
function explainOne(name: keyof Faults, faults: Faults, protocol: FaultProxy['protocol']): string {
  switch (name) {
    case 'limit':
    case 'reset':
      return 'none was cut off';
    case 'slice':
      return 'nothing was sliced';
    case 'status':
      return `the rate of ${faults.status?.rate} took none of so few`;
    case 'header':
      return explainHeaders(faults.header ?? {});
    case 'slow_close':
      return protocol === 'http' ? 'none had a body whose end could be held' : 'none was closed';
    default:
      return 'nothing came of it that this could hold up';
  }
}

/** A header that is taken away has to be there, one that is set must not be. */
function explainHeaders(headers: NonNullable<Faults['header']>): string {
  const given = Object.keys(headers).filter((name) => headers[name] !== null);
  const taken = Object.keys(headers).filter((name) => headers[name] === null);
  return [
    ...(given.length === 0 ? [] : ['the answers had these headers already']),
    ...(taken.length === 0 ? [] : [`no answer had ${taken.map((name) => `\`${name}\``).join(' or ')}`]),
  ].join(' and ');
}

function explainTopics({ topic, rate = 1 }: NonNullable<Faults['withhold_acks']>, topics: ReadonlySet<string>): Unmet {
  if (topics.has(topic)) return { why: `the rate of ${rate} took none of so few requests to \`${topic}\``, hints: [] };
  const others = [...topics].map((one) => `\`${one}\``).join(', ');
  return {
    why: `records went through the proxy while it was set, none to \`${topic}\``,
    hints: [`they went to ${others}`],
  };
}

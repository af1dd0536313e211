import * as z from 'zod/mini';
import { DiagnosticError } from '../../model/diagnostic.ts';
import type { Renderable } from '../../model/plan.ts';
import type { MapEntry, MapNode } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { CODES } from '../read/findings.ts';
import type { ProjectContext, WrittenMocks, WrittenNames, WrittenService } from './written-companion.ts';

const SWITCH = z.union([z.enum(['on', 'off']), z.boolean()]);

/** Plans which services their stubs stand in for: what says so may come from outside. */
export function planMocks(
  map: MapNode | undefined,
  { services, names }: { services: readonly WrittenService[]; names: WrittenNames },
  context: ProjectContext,
): WrittenMocks {
  const stubs = new Set(names.stub);
  const real = new Set(names.service);
  const lackUrl = new Set(
    services.flatMap(({ name, gives, isBroken }) => (isBroken || gives.includes('url') ? [] : [name])),
  );
  const mocks = new Map<string, { isOn: boolean; span: MapEntry['key']['span'] }>();
  for (const { key, value } of map?.entries ?? []) {
    const name = key.text.text;
    const { span } = key;
    // One that is wrong is a name all the same.
    mocks.set(name, { isOn: false, span });
    if (!stubs.has(name) || !real.has(name)) {
      reportNoPair(name, span, { stubs, real, context });
      continue;
    }
    const isOn = readSwitch({ key, value }, context);
    if (isOn === undefined) continue;
    if (isOn && lackUrl.has(name)) {
      const message = `service \`${name}\` gives no \`url\` that its stub could stand for`;
      const help = ['give the service `url:`, or name the address `(?P<url>…)` in its `ready: {log: …}`'];
      context.findings.error(CODES.wrongValue, message, span, help);
    }
    mocks.set(name, { isOn, span });
  }
  return mocks;
}

function reportNoPair(
  name: string,
  span: MapEntry['key']['span'],
  { stubs, real, context }: { stubs: ReadonlySet<string>; real: ReadonlySet<string>; context: ProjectContext },
): void {
  const lacking = ['service', 'stub'].filter((kind) => !(kind === 'stub' ? stubs : real).has(name));
  const message = `\`mocks\` switches between a service and a stub of one name: there is no ${lacking.join(' and no ')} \`${name}\``;
  const pairs = [...stubs].filter((one) => real.has(one));
  const nearest = findNearest(name, pairs);
  const help = nearest
    ? `did you mean \`${nearest}\`?`
    : pairs.length > 0
      ? `there are both of ${listNames(pairs)}`
      : `give the stub under \`stubs:\` the name of the service that it stands in for`;
  context.findings.error(CODES.unknownService, message, span, [help]);
}

/** Whether the stub is on; undefined where that cannot be known, which is reported. */
function readSwitch({ key, value }: MapEntry, context: ProjectContext): boolean | undefined {
  const { findings, givenNames } = context;
  const before = findings.list.length;
  const { renderable, refs } = compileRenderable(
    value,
    { what: `mocks.${key.text.text}`, schema: SWITCH, where: 'config' },
    context,
  );
  for (const { name, span } of refs.filter((ref) => !givenNames.has(ref.name))) {
    const help = `set \`${name}\` in the shell, or with \`--var ${name}=on\`, or write \`\${${name}:-on}\``;
    findings.error(CODES.outsideValue, `\`${name}\` comes from outside, and nothing gives it`, span, [help]);
  }
  if (findings.list.length > before) return undefined;
  try {
    const given = context.render(renderable as Renderable<z.output<typeof SWITCH>>);
    return given === true || given === 'on';
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    findings.add([error.diagnostic]);
    return undefined;
  }
}

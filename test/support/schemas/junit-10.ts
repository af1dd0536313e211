import type { XmlElement } from '../xml.ts';

/** What an element may have, by the schema `junit-10` of Jenkins' xUnit plugin; an attribute that has to be there ends with `!`. */
interface Rule {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  readonly hasText?: boolean;
}

const COUNTS = ['tests', 'failures', 'errors'];
const OUTPUTS = ['system-out', 'system-err'];
const RERUNS = ['rerunFailure', 'rerunError', 'flakyFailure', 'flakyError'];
const SECONDS = /^(?:\d*,)*\d*(?:\.\d*)?$/;
const problem: Rule = { attributes: ['type', 'message'], children: [], hasText: true };
const rerun: Rule = { attributes: ['message', 'type!'], children: ['stackTrace', ...OUTPUTS], hasText: true };
const text: Rule = { attributes: [], children: [], hasText: true };

const RULES: Readonly<Record<string, Rule>> = {
  testsuites: { attributes: ['name', 'time', ...COUNTS], children: ['testsuite'] },
  testsuite: {
    attributes: [
      'name!',
      ...COUNTS.map((name) => `${name}!`),
      ...['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    ],
    children: ['testsuite', 'properties', 'testcase', ...OUTPUTS],
  },
  properties: { attributes: [], children: ['property'] },
  property: { attributes: ['name!', 'value!'], children: [] },
  testcase: {
    attributes: ['name!', 'time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', ...RERUNS, ...OUTPUTS],
  },
  ...Object.fromEntries(['skipped', 'error', 'failure'].map((name) => [name, problem])),
  ...Object.fromEntries(RERUNS.map((name) => [name, rerun])),
  ...Object.fromEntries(['stackTrace', ...OUTPUTS].map((name) => [name, text])),
};

/** What of a report the schema does not allow. */
export function findJunitFaults(element: XmlElement): readonly string[] {
  const { name, attributes, children } = element;
  const rule = RULES[name];
  if (!rule) return [`<${name}>`];
  const given = Object.keys(attributes);
  const known = rule.attributes.map((one) => one.replace('!', ''));
  const missing = rule.attributes.filter((one) => one.endsWith('!') && !given.includes(one.slice(0, -1)));
  const { time = '' } = attributes;
  return [
    ...given.filter((one) => !known.includes(one)).map((one) => `<${name} ${one}=>`),
    ...missing.map((one) => `<${name}> without ${one.slice(0, -1)}`),
    ...(name.startsWith('testsuite') && !SECONDS.test(time) ? [`<${name} time="${time}">`] : []),
    ...(!rule.hasText && element.text.trim() !== '' ? [`text in <${name}>`] : []),
    ...children.filter((child) => !rule.children.includes(child.name)).map((child) => `<${child.name}> in <${name}>`),
    ...children.flatMap(findJunitFaults),
  ];
}

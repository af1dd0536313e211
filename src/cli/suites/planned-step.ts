import { findItems } from '../../engine/events/listed-pieces.ts';
import type { Secrets } from '../../engine/events/secrets.ts';
import { type Host, printJson, type Value } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import { LateValue } from '../../model/late-value.ts';
import type { StepPlan } from '../../model/plan.ts';
import { ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import { hideByName, hideFields, MASK } from '../../util/hidden-fields.ts';
import type { KnownNames } from './known-names.ts';

export interface StepContext {
  /** Those that are known where the step stands; what it gives is not known behind it. */
  readonly names: KnownNames;
  readonly host: Host;
  readonly mask: (text: string) => string;
  readonly secrets: Pick<Secrets, 'findAll' | 'isEmpty'>;
  readonly indent: number;
}

type Hiding = Pick<StepContext, 'mask' | 'secrets'>;

/** A step as it would run, with those inside of it: its settings, its conditions, what it captures. */
export function describeStep(step: StepPlan, context: StepContext): readonly string[] {
  const { names, host, indent } = context;
  const { address, action, config, when, skip, assert, output, retry } = step;
  const settings = Object.entries(toRecord(config.preview?.(names, host)));
  const facts: readonly (readonly [string, unknown])[] = [
    ['skipped', skip],
    ['when', when?.text.text],
    ...settings,
    ['retry', retry?.preview?.(names, host)],
    ...assert.map(({ text }) => ['assert', text.text] as const),
    ['captures', output.length === 0 ? undefined : output.map(({ name }) => name).join(', ')],
  ];
  const margin = ' '.repeat(indent);
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => writeFact(key, value, context).map((line) => `${margin}    ${line}`));
  names.hideBindingsOf(step);
  const inside = ownChildrenAndCleanups<StepPlan>(step).flatMap((child) =>
    describeStep(child, { ...context, indent: indent + 4 }),
  );
  names.hideResultsOf(step);
  return [`${margin}${address}   ${action.name}`, ...lines, ...inside];
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** One setting: texts of several lines below it, anything that is no text as JSON; masked before it is cut into lines. */
function writeFact(key: string, value: unknown, hiding: Hiding): readonly string[] {
  const plain = hideParts(key, value, hiding);
  const text = hiding.mask(hideFields(typeof plain === 'string' ? plain : printJson(plain)));
  const [first = '', ...rest] = text.trimEnd().split('\n');
  if (rest.length === 0) return [`${key}: ${first}`];
  return [`${key}:`, ...[first, ...rest].map((line) => `  ${line}`)];
}

/** The value as it is authored, without what nobody is to see by its name, or because it is secret. */
function hideParts(name: string, value: unknown, hiding: Hiding): Value {
  if (isExpressionAt(value)) return value.text.text;
  if (value instanceof LateValue) return hideParts(name, value.toAuthored?.() ?? '…', hiding);
  const shown = hideByName(name, value);
  if (Array.isArray(shown)) {
    const pieces = findItems(shown, hiding.secrets);
    return shown.map((item, at) => (pieces.has(at) ? MASK : hideParts(name, item, hiding)));
  }
  const isMap = typeof shown === 'object' && shown !== null && Object.getPrototypeOf(shown) === Object.prototype;
  if (!isMap) {
    const text = hiding.mask(String(shown));
    return shown === null || text === String(shown) ? (shown as Value) : text;
  }
  return Object.fromEntries(Object.entries(shown).map(([key, one]) => [key, hideParts(key, one, hiding)]));
}

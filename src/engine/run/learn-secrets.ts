import { type Env, type Host, isList, layerOver, type Value } from '../../expr/index.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { CapturePlan, StepPlan } from '../../model/plan.ts';
import { hideByName, isPasswordName } from '../../util/hidden-fields.ts';
import { isTelling } from '../events/hidden-beside.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Attempt } from './step-types.ts';

/** What a step captures that nobody is to see, and of a look what its poll captures. */
export function listSecretCaptures({ step, frame }: Attempt, { secretNames }: Ledger): readonly CapturePlan[] {
  if (step.output.length === 0 && !frame.captures) return [];
  const all = [...step.output, ...(frame.captures ?? [])];
  return all.filter((plan) => plan.secret || secretNames.has(plan.name) || isPasswordCapture(plan));
}

/** Whether a capture is called a password, or taken from what is: nobody is to see it, though nobody says so. */
function isPasswordCapture({ name, text }: CapturePlan): boolean {
  return isPasswordName(name) || isPasswordName(text.text);
}

/**
 * Makes the value of a variable known when it is called a password, or taken from what is; gives whether that is so. Of what nobody
 * declared a word is not looked for elsewhere.
 */
export function learnPassword({ secrets }: Ledger, names: readonly string[], value: Value): boolean {
  const isHidden = names.some((name) => hideByName(name, value) !== value);
  if (isHidden) for (const item of isList(value) ? value : [value]) if (isTelling(String(item))) secrets.add(item);
  return isHidden;
}

/** Addresses may be put together of several variables; of what nobody declared a word is not looked for elsewhere. */
export function learnPasswords({ action }: StepPlan, config: unknown, { secrets }: Ledger): void {
  if (typeof config !== 'object' || config === null) return;
  for (const value of Object.values(config)) if (typeof value === 'string') secrets.addPasswords(value);
  for (const key of action.traits?.listKeys?.(config) ?? []) if (isTelling(key)) secrets.add(key);
}

export interface LearnOptions {
  readonly ledger: Ledger;
  readonly env: Env;
  readonly host: Host;
}

/** Makes known the secrets that would be captured from a result, whatever becomes of the step: the result is reported all the same. */
export function learnSecrets(
  { ledger, env, host }: LearnOptions,
  captures: readonly CapturePlan[],
  result: Readonly<Record<string, Value>>,
): void {
  for (const plan of captures) {
    try {
      const value = plan.extract(result, layerOver(result, env), host);
      if (plan.secret || ledger.secretNames.has(plan.name)) ledger.secrets.add(value);
      else learnPassword(ledger, [plan.name, plan.text.text], value);
    } catch {
      // It is not there.
    }
  }
}

/** What was sent, and of what came nothing in which a secret may stand that could not be captured. */
export function withholdAnswer(exchange: Exchange): Exchange {
  switch (exchange.protocol) {
    case 'http':
      return { ...exchange, response: exchange.response && { ...exchange.response, body: undefined } };
    case 'sql':
      return { ...exchange, response: exchange.response && { ...exchange.response, rows: undefined } };
    case 'kafka':
      return { ...exchange, awaited: exchange.awaited && { ...exchange.awaited, messages: undefined } };
    case 'redis':
      return { ...exchange, reply: undefined };
    default:
      return exchange;
  }
}

import type { Env, Host, Value } from '../../expr/index.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { CapturePlan } from '../../model/plan.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import { layerOver } from '../names/context.ts';
import type { Attempt } from './step-types.ts';

/** What a step captures that nobody is to see, and of a look what its poll captures. */
export function listSecretCaptures({ step, frame }: Attempt, { secretNames }: Ledger): readonly CapturePlan[] {
  if (step.output.length === 0 && !frame.captures) return [];
  return [...step.output, ...(frame.captures ?? [])].filter(({ secret, name }) => secret || secretNames.has(name));
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
      ledger.secrets.add(plan.extract(result, layerOver(result, env), host));
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

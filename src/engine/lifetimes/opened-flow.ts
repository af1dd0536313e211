import type { Problem } from '../../model/events.ts';
import type { Context } from '../names/context.ts';
import type { FlowName } from '../names/flow-name.ts';
import { registerSecrets, renderVariables, type VariableOptions } from '../names/flow-variables.ts';
import type { Preparation } from '../prepare/preparation.ts';
import type { FlowFacts } from './flow-facts.ts';
import type { Ledger } from './ledger.ts';
import type { Services } from './services.ts';

/** An execution of a flow before its first step. */
export interface OpenedFlow {
  readonly facts: FlowFacts;
  readonly ledger: Ledger;
  readonly services: Services;
  readonly preparation: Preparation;
  readonly context: Context;
  readonly name: FlowName;
  /** For its variables, which are still to be made. */
  readonly variables: VariableOptions;
}

/** Makes a flow's variables and its name, if they are wanted, and masks the secrets among all that is known of it; gives what was wrong. */
export function makeVariables(opened: OpenedFlow, areWanted = true): Problem | undefined {
  const { ledger, services, variables, name } = opened;
  const made = areWanted ? renderVariables(variables) : {};
  registerSecrets(ledger.secrets, ledger.secretNames, variables);
  const { problem, error } = made.problem || !areWanted ? made : (name.findProblem() ?? made);
  if (problem?.kind === 'internal') services.reportBug(error);
  return problem;
}

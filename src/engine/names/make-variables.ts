import type { Problem } from '../../model/events.ts';
import type { OpenedFlow } from '../lifetimes/flow-scope.ts';
import { registerSecrets, renderVariables } from './flow-variables.ts';

/** Makes a flow's variables and its name, if they are wanted, and masks the secrets among all that is known of it; gives what was wrong. */
export function makeVariables({ scope, variables, name }: OpenedFlow, areWanted = true): Problem | undefined {
  const made = areWanted ? renderVariables(variables) : {};
  registerSecrets(scope.run.secrets, scope.secretNames, variables);
  const { problem, error } = made.problem || !areWanted ? made : (name.findProblem() ?? made);
  if (problem?.kind === 'internal') scope.run.tellBug(error);
  return problem;
}

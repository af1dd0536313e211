import type { Expressions } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import { toLocation } from '../../model/location.ts';
import type { FlowPlace } from '../lifetimes/flow-part.ts';
import { openFlow } from '../lifetimes/open-flow.ts';
import { makeVariables } from '../lifetimes/opened-flow.ts';
import type { FlowRun } from '../lifetimes/run-options.ts';
import type { SessionServices } from '../lifetimes/services.ts';
import { surround } from '../names/surroundings.ts';
import { checkExpression } from '../outcome/check-expression.ts';

/** Renders the settings of the one step of a flow, with what its action needs while it goes on as long as the session. @throws why they cannot be rendered */
export function openSettings(session: SessionServices, flow: FlowRun, place: FlowPlace): OpenedSettings {
  const { plan } = flow;
  const [step] = plan.steps;
  if (!step) throw new Error(`${plan.file.path} has no settings`);
  const chosen = { setup: [], steps: plan.steps, teardown: [] };
  const opened = openFlow(session, flow, { chosen, place, part: {} });
  const problem = makeVariables(opened);
  if (problem) throw new ActionError(problem);
  const { services, context, facts } = opened;
  const moment = { context, id: step.id, attempt: 1, stream: step.address };
  const { env, host } = surround(facts.run, services, moment);
  const check: Expressions['check'] = (expression, names) => checkExpression(expression, names, { host });
  return {
    config: step.config.render(env, host),
    io: {
      clock: session.clock,
      step: { locate: (path) => toLocation(step.config.spanAt(path)) },
      facts: facts.run,
      resources: session.resources,
      mask: session.secrets.maskText,
      expressions: { env, host, check, claim: check, take: (expression) => expression.evaluate(env, host) },
    },
  };
}

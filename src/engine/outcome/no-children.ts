import type { ChildrenEnd } from '../run/child-runner.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('the action has no child steps'));

/** Of a step without children. */
export const NO_CHILDREN: ChildrenEnd = {
  startUnder: () => ({ runStep: refuse, runSteps: refuse, runFlow: refuse }),
  problems: [],
  captures: {},
  stop: undefined,
};

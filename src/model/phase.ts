/** The parts of a flow, in the order they run. */
export type Phase = 'setup' | 'steps' | 'teardown';

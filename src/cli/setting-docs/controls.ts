import { DEADLINE, type SettingDocs } from './shared.ts';

export const CONTROL_DOCS: Readonly<Record<string, SettingDocs>> = {
  poll: {
    step: ['the step that is repeated: a request, a query, any look'],
    until: ["the condition, or several, that end it; it sees the keys of the step's result"],
    timeout: ['how long it goes on', DEADLINE],
    interval: ['the pause between two looks', '500ms'],
    max_interval: ['the longest pause, where it grows'],
    backoff: ['how the pause grows', 'fixed'],
    max_attempts: ['so many looks and no more'],
    fail_when: ['a condition that ends it as failed at once'],
  },
  parallel: {
    branches: ['what runs at the same time: `[{name: left, steps: […]}]`'],
    steps: ['in the place of `branches`: each step is a branch'],
    max_concurrent: ['so many at a time', 'all'],
    fail_fast: ['whether a branch that does not pass ends the others', 'false'],
  },
  for_each: {
    items: ['a list, or a placeholder that gives one'],
    item_name: ['what the steps call the item', 'item'],
    index_name: ['what they call its position, from 0', 'index'],
    steps: ['the steps of a round'],
    max_concurrent: ['so many rounds at a time', '1'],
    continue_on_error: ['whether further rounds run after one that did not pass', 'false'],
  },
  repeat: {
    steps: ['the steps of a round'],
    until: ['a condition that ends it, judged after each round'],
    while: ['in the place of `until`: a condition for another round, judged before it'],
    max: ['so many rounds; reaching it is an error'],
    carry: ['names with their first values: what a round captures under one is what the next one sees'],
  },
  if: {
    condition: ['an expression that is true or false'],
    // biome-ignore lint/suspicious/noThenProperty: a setting of the action
    then: ['the steps that run where it is true'],
    else: ['the steps that run where it is false', 'none'],
  },
  run_flow: {
    flow: ['a file, `lib/login.yaml` or `lib/users.yaml#login`, or the id of a flow of this run'],
    input: ['variables of that flow'],
  },
  delay: { duration: ['how long it waits'] },
  log: {
    message: ['the line'],
    level: ['how important it is', 'info'],
    data: ['a value that stands beside it'],
  },
  assert: {
    data: ['names with values that the assertions may use'],
    assertions: ['expressions, or `{expression, message}`'],
  },
};

import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const request = 'action: http_request, config: { url: "http://localhost/" }';

describe('names are resolved over the data flow', () => {
  const cases: readonly { title: string; text: string; given?: readonly string[]; findings: readonly string[] }[] = [
    {
      title: 'a captured variable, a step result, a declared and a given name, a built-in one',
      text: `
name: x
env: { A: "1" }
steps:
  - { id: one, ${request}, output: { id: $.body.id } }
  - { id: two, action: log, config: { message: "{{id}} {{one.body.id}} {{A}} {{B}} {{UUID}} {{steps['one'].status}}" } }
`,
      given: ['B'],
      findings: [],
    },
    {
      title: 'an unknown name, with the nearest known one, which counts as used',
      text: `
name: x
steps:
  - { id: one, ${request}, output: { user_id: $.body.id } }
  - { id: two, action: log, config: { message: "for {{user_idd}}" } }
`,
      findings: ['TM104 5:55 unknown name `user_idd`'],
    },
    {
      title: 'use before capture, across steps and within one',
      text: `
name: x
steps:
  - { id: one, action: log, config: { message: "{{id}}" } }
  - { id: two, ${request}, assert: [id == 1], output: { id: $.body.id } }
`,
      findings: [
        'TM106 4:51 `id` is used before it is captured: step `two` (line 5) captures it',
        'TM106 5:85 `id` is used before it is captured: this step captures it when it has passed',
      ],
    },
    {
      title: 'a step result used before the step ran, by name and through `steps`',
      text: `
name: x
steps:
  - { id: one, action: log, config: { message: "{{two.status}} {{steps['two'].status}} {{steps['tow']}}" } }
  - { id: two, ${request}, assert: [status == 200] }
`,
      findings: [
        'TM106 4:51 the result of `two` is used before that step (line 5) has run',
        'TM106 4:66 the result of `two` is used before that step has run',
        'TM104 4:97 there is no step `tow`',
      ],
    },
    {
      title: 'env values see the names above them',
      text: `
name: x
env:
  A: "{{B}}"
  B: "b"
  C: "{{B}}{{D}}"
steps:
  - { action: log, config: { message: hello } }
`,
      findings: ['TM106 4:9 `B` is used above the line that defines it', 'TM104 6:14 unknown name `D`'],
    },
    {
      title: 'env values that need each other',
      text: `
name: x
env:
  A: "{{B}}"
  B: "{{C}}"
  C: "{{A}}"
steps:
  - { action: log, config: { message: "{{A}}" } }
`,
      findings: [
        'TM106 4:9 `A` and `B` are defined in terms of each other',
        'TM106 5:9 `B` and `C` are defined in terms of each other',
      ],
    },
    {
      title: 'a fallback makes a name optional',
      text: `
name: x
steps:
  - { action: log, config: { message: "\${GUEST:-nobody}" } }
`,
      findings: [],
    },
    {
      title: 'a capture that `when` may skip, used where it is not skipped',
      text: `
name: x
steps:
  - { id: one, when: "1 == 1", ${request}, output: { id: $.body.id } }
  - { id: two, action: log, config: { message: "{{id}}" } }
  - { id: three, when: "1 == 1", action: log, config: { message: "{{id}}" } }
`,
      findings: ['TM205 5:51 `id` is captured by `one`, which its `when` may skip'],
    },
    {
      title: 'a variable with the name of a result key or of a built-in',
      text: `
name: x
steps:
  - { id: one, ${request}, output: { status: $.body.status, UUID: $.body.id } }
  - { id: two, action: log, config: { message: "{{status}} {{UUID}}" } }
`,
      findings: [
        'TM206 4:86 the variable `status` has the name of a key of the result',
        'TM206 4:109 the variable `UUID` has the name of a built-in name',
      ],
    },
    {
      title: 'a name that a step gives itself, as another did before',
      text: `
name: x
steps:
  - { id: one, action: assert, config: { data: { a: 1 }, assertions: [a == 1] } }
  - { id: two, action: assert, config: { data: { a: 2 }, assertions: [a == 2] } }
`,
      findings: [],
    },
    {
      title: 'a variable that is the key of the result',
      text: `
name: x
steps:
  - { id: one, ${request}, output: { status: $.status, body: body } }
  - { id: two, action: log, config: { message: "{{status}} {{body}}" } }
`,
      findings: [],
    },
    {
      title: 'a variable that a key of the result hides where it is asserted',
      text: `
name: x
env: { size: 1, limit: 2 }
steps:
  - { id: one, ${request}, assert: [len(body.items) <= size, size > 0, len(body.items) <= limit] }
  - { id: two, action: log, config: { message: "{{size}} {{limit}}" } }
`,
      findings: ['TM206 5:104 `size` is a key of the result here, which hides the variable of that name'],
    },
    {
      title: 'what expect_error leaves of the result',
      text: `
name: x
steps:
  - { id: one, ${request}, expect_error: true, assert: ['error.code == "E"', status == 200] }
`,
      findings: ['TM104 4:126 unknown name `status`: with `expect_error` there is only `error`'],
    },
  ];
  it.each(cases)('$title', ({ text, given, findings }) => {
    expect(findingsOf(planText(text, { given: given ?? [] }))).toEqual(findings);
  });
});

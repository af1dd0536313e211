import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../support/plan-text.ts';

const set = (id: string, names: string, more = ''): string => `{ id: ${id}, action: set, config: { ${names} }${more} }`;
const say = (text: string): string => `{ action: log, config: { message: "${text}" } }`;

/** Findings in a flow of these steps, whose first stands on line 2. */
function find(steps: readonly string[], more: { head?: string; files?: Record<string, string> } = {}): string[] {
  const { head = '', files = {} } = more;
  return findingsOf(planText(`name: x${head}\nsteps:\n${steps.map((step) => `  - ${step}`).join('\n')}\n`, { files }));
}

describe('names in controls', () => {
  const branches = (left: string, right: string): string =>
    `{ id: par, action: parallel, config: { branches: [ { name: left, steps: [ ${left} ] }, { name: right, steps: [ ${right} ] } ] } }`;
  const each = (steps: string, more = ''): string =>
    `{ id: each, action: for_each, config: { items: [1], steps: [ ${steps} ]${more} } }`;
  const cond = (then: string, otherwise = ''): string =>
    `{ id: cond, action: if, config: { condition: true, then: [ ${then} ]${otherwise && `, else: [ ${otherwise} ]`} } }`;

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a branch does not see what another captures',
      [branches(set('a', 'x: "1"'), say('{{x}}'))],
      ['TM106 3:188 `x` is captured by another branch of `par`, which runs at the same time'],
    ],
    [
      'each step of a plain list is a branch',
      [`{ id: par, action: parallel, config: { steps: [ ${set('a', 'x: "1"')}, ${say('{{x}}')} ] } }`],
      ['TM106 3:134 `x` is captured by another branch of `par`, which runs at the same time'],
    ],
    [
      'two branches may not capture one name',
      [branches(set('a', 'x: "1"'), set('b', 'x: "2"')), say('{{x}}')],
      ['TM119 3:157 `x` is captured by two branches, `par>left>a` and `par>right>b`: which one counts?'],
    ],
    [
      'two branches may have steps of one id',
      [branches(set('a', 'x: "1"'), set('a', 'y: "2"')), say('{{x}} {{y}}')],
      [],
    ],
    [
      'captures of branches are known afterwards',
      [branches(set('a', 'x: "1"'), set('b', 'y: "2"')), say('{{x}} {{y}}')],
      [],
    ],
    [
      'results of nested steps are not',
      [branches(set('a', 'x: "1"'), set('b', 'y: "2"')), say('{{a.x}}')],
      ['TM104 4:42 `a` is known only inside `par`'],
    ],
    ['item and index are known inside', [each(say('{{item}} {{index}}'))], []],
    ['under other names', [each(say('{{row}} {{n}}'), ', item_name: row, index_name: n')], []],
    [
      'and not by the old ones then',
      [each(say('{{item}}'), ', item_name: row')],
      ['TM104 3:103 unknown name `item`: `each` calls it `row`'],
    ],
    [
      'nor outside',
      [each(say('{{item}}')), say('{{item}} {{index}}')],
      [
        'TM104 4:42 `item` is known only to the steps of `each`',
        'TM104 4:51 `index` is known only to the steps of `each`',
      ],
    ],
    [
      'a step sees its siblings before it, not those behind it',
      [each(`${say('{{b.x}}')}, ${set('b', 'x: "1"')}`)],
      ['TM106 3:103 the result of `b` is used before that step (line 3) has run'],
    ],
    ['what both branches of an if capture is sure', [cond(set('a', 'x: "1"'), set('b', 'x: "2"')), say('{{x}}')], []],
    [
      'what one captures is not',
      [cond(set('a', 'x: "1"'), set('b', 'y: "2"')), say('{{x}}')],
      ['TM205 4:42 `x` is captured by only one branch of `cond`'],
    ],
    [
      'nor what the only one captures',
      [cond(set('a', 'x: "1"')), say('{{x}}')],
      ['TM205 4:42 `x` is captured by only one branch of `cond`'],
    ],
    [
      'under `when` it may be used',
      [
        cond(set('a', 'x: "1"')),
        say('{{x}}').replace(' }', ', } ').replace('{ action', '{ when: "true", action').replace(', }', ' }'),
      ],
      [],
    ],
    ['inside the branch it is sure', [cond(`${set('a', 'x: "1"')}, ${say('{{x}}')}`)], []],
    [
      'a nested `when` is told too',
      [each(set('a', 'x: "1"', ', when: "true"')), say('{{x}}')],
      ['TM205 4:42 `x` is captured by `a`, which its `when` may skip'],
    ],
    [
      'captures in controls that nobody uses',
      [each('{ id: a, action: set, config: { x: "1" }, output: { y: x } }')],
      ['TM201 3:118 `y` is never used'],
    ],
    [
      'a cleanup sees everything, and the names of its loop',
      [
        each(
          set(
            'a',
            'x: "1"',
            ', cleanup: { action: log, config: { message: "{{x}} {{a.x}} {{item}} {{later}} {{b.y}}" } }',
          ),
        ),
        set('b', 'y: "1", later: "2"'),
      ],
      [],
    ],
    [
      'but no name that nobody makes',
      [set('a', 'x: "1"', `, cleanup: ${say('{{z}}')}`)],
      ['TM104 3:93 unknown name `z`'],
    ],
  ])('%s', (_title, steps, expected) => {
    expect(find(steps)).toEqual(expected);
  });
});

describe('the shape of controls', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'parallel without branches',
      '{ action: parallel, config: { fail_fast: true } }',
      ['TM102 3:15 `parallel` needs `branches`'],
    ],
    [
      'parallel with both',
      `{ action: parallel, config: { branches: [ { steps: [ ${say('a')} ] } ], steps: [ ${say('b')} ] } }`,
      ['TM112 3:107 `branches` and `steps` mean the same: write one of them'],
    ],
    [
      'a branch without steps',
      '{ action: parallel, config: { branches: [ { name: a } ] } }',
      ['TM102 3:49 `parallel` needs `steps`'],
    ],
    [
      'a branch with an unknown key',
      `{ action: parallel, config: { branches: [ { stesp: 1, steps: [ ${say('a')} ] } ] } }`,
      ['TM101 3:49 unknown key `stesp` in `branches[0]` of `parallel`'],
    ],
    [
      'branches of one name',
      `{ action: parallel, config: { branches: [ { name: a, steps: [ ${say('a')} ] }, { name: a, steps: [ ${say('b')} ] } ] } }`,
      ['TM107 3:122 two of the branches are called `a`'],
    ],
    [
      'for_each without items',
      `{ action: for_each, config: { steps: [ ${say('a')} ] } }`,
      ['TM102 3:15 `for_each` needs `items`'],
    ],
    [
      'for_each over a text',
      `{ action: for_each, config: { items: users, steps: [ ${say('a')} ] } }`,
      ['TM103 3:42 `items` of `for_each`: expected a list, got string "users"'],
    ],
    ['for_each without steps', '{ action: for_each, config: { items: [1] } }', ['TM102 3:15 `for_each` needs `steps`']],
    [
      'for_each with an empty list of steps',
      '{ action: for_each, config: { items: [1], steps: [] } }',
      ['TM102 3:47 `steps` is empty'],
    ],
    [
      'an item that cannot be a name',
      `{ action: for_each, config: { items: [1], item_name: my-item, steps: [ ${say('a')} ] } }`,
      ['TM371 3:58 `my-item` cannot be a variable: expected letters, digits and `_`'],
    ],
    [
      'item and index of one name',
      `{ action: for_each, config: { items: [1], index_name: item, steps: [ ${say('a')} ] } }`,
      ['TM371 3:59 the item and its position are both called `item`'],
    ],
    [
      'if without a condition',
      `{ action: if, config: { then: [ ${say('a')} ] } }`,
      ['TM102 3:15 `if` needs `condition`'],
    ],
    ['if without then', '{ action: if, config: { condition: true } }', ['TM102 3:15 `if` needs `then`']],
    [
      'a step that is none',
      '{ action: if, config: { condition: true, then: [ hello ] } }',
      ['TM103 3:54 `then`: expected a step (a map), got string "hello"'],
    ],
    [
      'ids twice in one list',
      `{ id: c, action: if, config: { condition: true, then: [ ${set('a', 'x: "1"')} ], else: [ ${set('a', 'x: "1"')} ] } }`,
      ['TM107 3:121 the id `a` is used twice in `c`: first at line 3'],
    ],
    [
      'a cleanup of a cleanup',
      set('a', 'x: "1"', `, cleanup: { action: log, config: { message: a }, cleanup: ${say('b')} }`),
      ['TM103 3:95 a step of `cleanup` has no `cleanup` of its own'],
    ],
    [
      'a cleanup that is not a step',
      set('a', 'x: "1"', ', cleanup: later'),
      ['TM103 3:56 `cleanup`: expected a step (a map) or a list of steps, got string "later"'],
    ],
    ['an internal action', '{ action: steps, config: { steps: [] } }', ['TM105 3:15 unknown action `steps`']],
    [
      'an unknown key in a nested step',
      `{ action: if, config: { condition: true, then: [ { action: log, confg: { message: a } } ] } }`,
      ['TM101 3:69 unknown key `confg` in a step'],
    ],
    [
      'a step that judges nothing, nested',
      '{ action: if, config: { condition: true, then: [ { id: get, action: http_request, config: { url: "http://localhost/" } } ] } }',
      ['TM204 3:60 `get` judges nothing: http_request passes whatever comes back'],
    ],
  ])('%s', (_title, step, expected) => {
    expect(find([step])).toEqual(expected);
  });
});

describe('flows that are called', () => {
  const call = (config: string, more = ''): string => `{ id: call, action: run_flow, config: { ${config} }${more} }`;
  const LIB =
    'name: Library\nenv: { base: 1 }\nsteps:\n  - { id: greet, action: set, config: { text: "who + string(base)" } }\n';

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'one that fits',
      [call('flow: lib.yaml, input: { who: Ada, base: 2 }', ', output: { said: text }'), say('{{said}} {{call.text}}')],
      [],
    ],
    ['one that is not there', [call('flow: lbi.yaml')], ['TM115 3:51 the file `lbi.yaml` does not exist']],
    ['an id that nothing has', [call('flow: lib')], ['TM123 3:51 there is no flow `lib`']],
    [
      'a placeholder for a flow',
      [call('flow: "<<x>>.yaml"')],
      ['TM103 3:51 `flow` has to be known before the run: it takes no placeholder'],
    ],
    [
      'another spelling of one',
      [call('flow: "{{x}}"')],
      ['TM103 3:51 `flow` has to be known before the run: it takes no placeholder'],
    ],
    [
      'an input that is missing',
      [call('flow: lib.yaml')],
      ['TM120 3:51 `lib.yaml` needs `who` (line 4), but nothing gives it'],
    ],
    [
      'an input that is misspelt',
      [call('flow: lib.yaml, input: { whoo: Ada }')],
      [
        'TM120 3:51 `lib.yaml` needs `who` (line 4), but nothing gives it',
        'TM212 3:70 `lib.yaml` neither declares nor uses `whoo`',
      ],
    ],
    [
      'a result that it does not give',
      [call('flow: lib.yaml, input: { who: Ada }', ', assert: [texxt == 1]')],
      ['TM104 3:93 unknown name `texxt`'],
    ],
    [
      'names of the caller are not its own',
      [set('first', 'who: "1"'), call('flow: lib.yaml')],
      ['TM120 4:51 `lib.yaml` needs `who` (line 4), but nothing gives it'],
    ],
    [
      'its own findings, in its own file',
      [call('flow: broken.yaml'), call('flow: broken.yaml').replace('id: call', 'id: again')],
      ['TM101 broken.yaml:3:28 unknown key `asert` in a step'],
    ],
    [
      'a flow with rows, of which a call is one',
      [call('flow: rows.yaml')],
      ['TM120 3:51 `rows.yaml` has `data`, and a call is one row of it: nothing gives `a`'],
    ],
    ['a flow with rows, given one', [call('flow: rows.yaml, input: { a: 2 }')], []],
    ['one of several in a file', [call('flow: "two.yaml#b"')], []],
    ['none of several in a file', [call('flow: two.yaml')], ['TM123 3:51 `two.yaml` holds several flows']],
    ['no such one in a file', [call('flow: "two.yaml#c"')], ['TM123 3:51 `two.yaml` holds no flow `c`']],
    [
      'itself, over another',
      [call('flow: round.yaml')],
      ['TM121 round.yaml:3:41 `flow.yaml` calls itself: flow.yaml → round.yaml → flow.yaml'],
    ],
    ['no flow at all', ['{ action: run_flow, config: { input: { a: 1 } } }'], ['TM102 3:15 `run_flow` needs `flow`']],
  ])('%s', (_title, steps, expected) => {
    const files = {
      'lib.yaml': LIB,
      'broken.yaml': `name: y\nsteps:\n  - { action: log, config: { }, asert: [] }\n`
        .replace('config: { }, asert', 'asert')
        .replace('[] }', '[], config: { message: a } }')
        .replace('- { action: log, asert', '- { action: log,         asert'),
      'rows.yaml': `name: y\ndata: [ { a: 1 } ]\nsteps: [ ${say('{{a}}')} ]\n`,
      'two.yaml': `name: a\nid: a\nsteps: [ ${say('a')} ]\n---\nname: b\nid: b\nsteps: [ ${say('b')} ]\n`,
      'round.yaml': 'name: r\nsteps:\n  - { action: run_flow, config: { flow: flow.yaml } }\n',
      'flow.yaml': `name: x\nsteps:\n  - ${call('flow: round.yaml')}\n`,
    };
    expect(find(steps, { files })).toEqual(expected);
  });

  it('may be one of the same file, by its id', () => {
    const text = `name: a\nsteps:\n  - ${call('flow: b, input: { n: 1 }')}\n---\nid: b\nname: b\nenv: { n: 0 }\nsteps: [ ${say('{{n}}')} ]\n`;
    expect(findingsOf(planText(text))).toEqual([]);
    const own = text.replace('flow: b', 'flow: flow-1');
    expect(findingsOf(planText(own))[0]).toContain('`flow-1` calls itself: ');
  });
});

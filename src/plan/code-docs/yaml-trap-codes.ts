import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (step: string): string => `name: Users\nsteps:\n${step}`;
const log = (message: string): string => head(`  - action: log\n    config:\n      message: ${message}\n`);
const check = (assertion: string): string =>
  head(`  - action: assert
    config:
      data: { total: 3, title: "order #1" }
      assertions:
        - ${assertion}
`);

/** YAML that parses, but not as what the author meant. */
export const yamlTrapCodes: readonly CodeDoc[] = [
  describeCode('TM010', 'a placeholder without quotes', {
    text: 'Where a value begins, `{` opens a YAML map: `{{x}}` is a map inside a map and never a placeholder. Quote the whole value. A text that is one placeholder still keeps the type of its value.',
    wrong: `env: { NAME: "Ada" }\n${log('{{NAME}} is here')}`,
    right: `env: { NAME: "Ada" }\n${log('"{{NAME}} is here"')}`,
  }),
  describeCode('TM011', 'a tag took the beginning of a text', {
    text: '`!` at the beginning of a value is a YAML tag, which is not part of the value: `- !paid` would check something other than what it says. Quote it, or write `not paid`. The only tag that means something here is `!raw`.',
    wrong: check('!contains(title, "x")'),
    right: check('\'!(title contains "x")\''),
  }),
  describeCode('TM012', 'a comment took the end of a text', {
    text: 'A space and `#` begin a comment, even inside quotes that do not enclose the whole value. Quote the whole value with the other kind of quotes.',
    wrong: check('title == "order #1"'),
    right: check('\'title == "order #1"\''),
  }),
  describeCode('TM013', 'a colon turned a text into a map', {
    text: 'A colon with a space after it separates a key from its value, even inside a text. Quote the whole text.',
    wrong: log('created: the user'),
    right: log('"created: the user"'),
  }),
  describeCode('TM014', 'a number that lost its spelling', {
    text: 'Digits without quotes are a number: a leading zero, a `+` or trailing zeros are lost, and an identifier becomes another one. Quote what is not a quantity: zip codes, telephone numbers, versions.',
    wrong: head('  - action: log\n    config: { message: "sent", data: { zip: 02134 } }\n'),
    right: head('  - action: log\n    config: { message: "sent", data: { zip: "02134" } }\n'),
  }),
  describeCode('TM015', 'a text begins with a character of YAML', {
    text: 'YAML keeps `@`, a backtick, `%`, `|` and `>` at the beginning of a value for itself. Quote the text.',
    wrong: log('@here the users are created'),
    right: log('"@here the users are created"'),
  }),
  describeCode('TM016', 'an alias without its anchor', {
    text: '`*name` stands for the value that was marked with `&name` before it. When it is meant as text, quote it.',
    wrong: log('*important* users'),
    right: log('"*important* users"'),
  }),
  describeCode('TM017', 'an anchor in place of a text', {
    text: '`&name` marks the value after it and is not part of it; with nothing after it the value is empty. Quote it when it is meant as text.',
    wrong: `env:\n  GREETING: &hello\n${log('"{{GREETING}}"')}`,
    right: `env:\n  GREETING: "&hello"\n${log('"{{GREETING}}"')}`,
  }),
  describeCode('TM018', 'aliases without an end', {
    text: 'An alias inside its own anchor has no end, and aliases of aliases may expand to millions of values from a few lines. Both are refused.',
    wrong: head('  - action: log\n    config: { message: "sent", data: &body { again: *body } }\n'),
    right: head('  - action: log\n    config: { message: "sent", data: { again: true } }\n'),
  }),
  describeCode('TM019', 'text after a closing quote', {
    text: 'Quotes at the beginning of a value are taken for those of the whole value, so nothing may follow the closing one. Put other quotes around the whole value.',
    wrong: check('"order #1" == title'),
    right: check('\'"order #1" == title\''),
  }),
  describeCode('TM027', 'a list item joined to the line before', {
    text: 'An unquoted text goes on in the lines that stand further in. A list item that is indented more than the one before it is a part of that one, not an item of its own: of two conditions one is left, which nobody wrote.',
    wrong: check('total == 3\n          - len(title) == 8'),
    right: check('total == 3\n        - len(title) == 8'),
  }),
  describeCode('TM023', '`<<` without a map', {
    text: '`<<` takes over the entries of a map that is marked elsewhere: `<<: *name`. What it names here is not a map.',
    wrong: `env: { A: &a "text" }\n${head('  - action: log\n    config:\n      <<: *a\n      message: "{{A}}"\n')}`,
    right: head(
      '  - action: log\n    config: &hello { level: info, message: "hello" }\n  - action: log\n    config:\n      <<: *hello\n      message: "bye"\n',
    ),
  }),
  describeCode('TM026', 'a space that is not one', {
    text: 'A no-break space, or another character that looks like a space, is in the indentation, around a key or after a value. To YAML it is a letter, so a key or value is not what it looks like. It often comes with text copied from a web page. In the middle of a text it belongs to the text.',
    wrong: `name: Users\nsteps:\n  - action:\u00a0log\n    config: { message: "hello" }\n`,
    right: log('hello'),
  }),
  describeCode('TM025', 'a bracket inside an unquoted text', {
    text: 'Between brackets, a further bracket begins a list or map of its own, even inside a path or a condition (`[status in [200, 201]]`): quote the text.',
    wrong: head('  - action: set\n    config: { first: [1, 2], id: first[0] }\n'),
    right: head(
      '  - action: set\n    config: { first: "[1, 2]" }\n  - action: log\n    config: { message: "{{first[0]}}" }\n',
    ),
  }),
];

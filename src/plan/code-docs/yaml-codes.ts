import { type CodeDoc, describeCode } from './code-doc.ts';

const HELLO = `name: Users
steps:
  - action: log
    config: { message: "hello" }
`;

/** Files that cannot be read, and YAML that does not parse. */
export const yamlCodes: readonly CodeDoc[] = [
  describeCode('TM001', 'the file cannot be read', {
    text: 'The path does not lead to a file that can be read: it is a device, a part of its path is a file, or reading it is not permitted. Check the path, and the permissions of the folders above it.',
    wrong: { flow: HELLO, commands: ['validate /dev/null'] },
    right: HELLO,
  }),
  describeCode('TM002', 'the file is not UTF-8 text', {
    text: 'A flow file is UTF-8 text of a few megabytes at most. What is saved as UTF-16, holds zero bytes or is far too large was not written as a flow. Save it as UTF-8.',
    wrong: { flow: HELLO, encoding: 'utf16le' },
    right: HELLO,
  }),
  describeCode('TM003', 'the file is empty', {
    text: 'There is nothing in the file but whitespace and comments. A flow has at least `name:` and `steps:`.',
    wrong: '# to be written\n',
    right: HELLO,
  }),
  describeCode('TM004', 'this is not YAML', {
    text: 'The text does not parse, and none of the usual mistakes explains it. The message says what the YAML parser found; what follows that place was not read.',
    wrong: `${HELLO}... and more\n`,
    right: HELLO,
  }),
  describeCode('TM005', 'a tab indents a line', {
    text: 'YAML counts spaces to see what belongs to what, and accepts no tabs for that. Replace the tab with as many spaces as the lines beside it have.',
    wrong: 'name: Users\nsteps:\n\t- action: log\n\t  config: { message: "hello" }\n',
    right: HELLO,
  }),
  describeCode('TM006', 'lines are not indented alike', {
    text: 'Keys of one map begin in the same column, and so do the items of one list. A line that is indented deeper than the key above belongs to its value, but that key already has one.',
    wrong: 'name: Users\nsteps:\n  - action: log\n     config: { message: "hello" }\n',
    right: HELLO,
  }),
  describeCode('TM007', 'a quote is not closed', {
    text: 'The quote that opens a text has no partner on its line, so the lines below became part of the text.',
    wrong: 'name: Users\nsteps:\n  - action: log\n    config:\n      message: "hello\n      level: info\n',
    right: 'name: Users\nsteps:\n  - action: log\n    config:\n      message: "hello"\n      level: info\n',
  }),
  describeCode('TM008', 'a bracket is not closed', {
    text: 'A list or map between brackets goes on until its closing bracket, over any number of lines.',
    wrong: 'name: Users\ntags: [smoke, users\nsteps:\n  - action: log\n    config: { message: "hello" }\n',
    right: 'name: Users\ntags: [smoke, users]\nsteps:\n  - action: log\n    config: { message: "hello" }\n',
  }),
  describeCode('TM009', 'a key appears twice in a map', {
    text: 'A map has each key once. YAML readers silently keep one of two equal keys, so a check or a header would be lost.',
    wrong: 'name: Users\nsteps:\n  - action: log\n    config:\n      message: "hello"\n      message: "bye"\n',
    right: HELLO,
  }),
  describeCode('TM020', 'an escape that double quotes do not have', {
    text: 'In double quotes a backslash begins an escape, and `\\d` is not one. Single quotes take a backslash as it is, which suits regular expressions.',
    wrong:
      'name: Users\nsteps:\n  - action: assert\n    config:\n      data: { id: "7" }\n      assertions:\n        - "id matches \'^\\d+$\'"\n',
    right:
      'name: Users\nsteps:\n  - action: assert\n    config:\n      data: { id: "7" }\n      assertions:\n        - \'id matches "^\\\\d+$"\'\n',
  }),
  describeCode('TM021', 'a map or list is used as a key', {
    text: 'Keys are text here. A placeholder that begins a key needs quotes, and a `?` at the start of a line makes what follows a key.',
    wrong:
      'name: Users\nsteps:\n  - action: log\n    config:\n      ? { a: 1 }\n      : "hello"\n      message: "hello"\n',
    right: HELLO,
  }),
  describeCode('TM022', 'a space is missing', {
    text: 'A space follows the colon of a key and the dash of a list item; without it the line is one text.',
    wrong: 'name: Users\nsteps:\n  - action:log\n    config: { message: "hello" }\n',
    right: HELLO,
  }),
  describeCode('TM024', 'nested too deeply', {
    text: 'A hundred levels are more than a flow ever needs, and a limit keeps a hostile file from exhausting memory.',
    wrong: `name: Users\nsteps: ${'['.repeat(120)}${']'.repeat(120)}\n`,
    right: HELLO,
  }),
];

import type { CodeDoc, CodeExample } from '../../plan/code-docs/code-doc.ts';
import { createPaint, type Paint } from '../../util/paint.ts';
import { findNearest } from '../../util/suggest.ts';
import { wrapText } from '../../util/wrap-text.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

const FUNCTIONS = 'functions';
const ACTIONS = 'actions';

/** Prints what a code means, with a wrong and a right example; without a code, all of them in a line each; for `functions`, those that expressions have, for `actions`, those of steps; for one of these, how it is written. */
export async function explainCode(
  word: string | undefined,
  flags: { color: 'auto' | 'always' | 'never' },
  terminal: Terminal,
): Promise<number> {
  // Texts that no run needs.
  const { codeDocs } = await import('../../plan/code-docs/all-codes.ts');
  const { describeFunction, describeFunctions, listFunctionNames } = await import('./explain-functions.ts');
  const { describeAction, describeActions, listActionNames } = await import('./explain-actions.ts');
  const { describeKey, keyNames } = await import('./explain-keys.ts');
  const paint = createPaint(isColorWanted(flags.color, terminal));
  if (word === undefined) {
    terminal.write(codeDocs.map(({ code, title }) => `${paint.bold(code)}  ${title}\n`).join(''));
    return EXIT.passed;
  }
  if (word === FUNCTIONS) terminal.write(describeFunctions(paint));
  else if (word === ACTIONS) terminal.write(describeActions(paint));
  else {
    const text =
      describeAction(word, paint) ?? describeKey(word, paint) ?? describeFunction(word.replace(/\(.*$/s, ''), paint);
    const names = [...listActionNames(), ...keyNames, ...listFunctionNames()];
    terminal.write(text ?? formatDoc(findDoc(word, codeDocs, names), paint));
  }
  return EXIT.passed;
}

function findDoc(word: string, codeDocs: readonly CodeDoc[], names: readonly string[]): CodeDoc {
  const code = word.toUpperCase().replace(/^(?=\d{3}$)/, 'TM');
  const doc = codeDocs.find((each) => each.code === code);
  if (doc) return doc;
  const isCode = /^tm\d|^\d/i.test(word);
  const known = isCode ? codeDocs.map((each) => each.code) : [...names, FUNCTIONS, ACTIONS];
  const nearest = findNearest(isCode ? code : word, known);
  const lists =
    'testmesh explain lists all codes, testmesh explain actions and testmesh explain functions the others, testmesh explain testmesh.yaml what a project has';
  const help = [...(nearest ? [`did you mean \`${nearest}\`?`] : []), lists];
  throw new UsageError(`there is no ${isCode ? 'code' : 'code, action, function or key'} \`${word}\``, help);
}

function formatDoc({ code, title, text, wrong, right }: CodeDoc, paint: Paint): string {
  const lines = [
    `${paint.bold(code)}  ${title}`,
    '',
    ...wrapText(text),
    '',
    paint.red('wrong'),
    ...formatExample(wrong, paint),
    '',
    paint.green('right'),
    ...formatExample(right, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function formatExample({ flow, commands = [], files = {}, encoding }: CodeExample, paint: Paint): string[] {
  const notes = [
    ...commands.map((command) => `testmesh ${command}`),
    ...(encoding === 'utf16le' ? ['saved as UTF-16'] : []),
  ];
  const others = Object.entries(files).flatMap(([name, text]) => ['', paint.dim(`  # ${name}`), ...indent(text)]);
  return [...notes.map((note) => paint.dim(`  # ${note}`)), ...indent(flow), ...others];
}

function indent(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`);
}

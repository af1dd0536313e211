import { listBuiltinNames } from '../../expr/index.ts';
import { describeCall, functionDocs } from '../../functions/function-docs.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { Paint } from '../../util/paint.ts';
import { wrapText } from '../../util/wrap-text.ts';

const LANGUAGE = 'https://expr-lang.org/docs/language-definition';

/** Lists the functions that expressions have: those of flows with what they give, and those of the language. */
export function describeFunctions(paint: Paint): string {
  const own = [...createFunctions().values()];
  const width = Math.max(...own.map(({ name }) => describeCall(name).length));
  const ofLanguage = [...listBuiltinNames()].sort().join(', ');
  return [
    'functions of flows',
    ...own.map(({ name, summary }) => {
      const [call, more] = [describeCall(name), width - describeCall(name).length];
      return `  ${paint.bold(name)}${call.slice(name.length)}${' '.repeat(more)}  ${summary}`;
    }),
    '',
    `functions of the language, as in ${LANGUAGE}`,
    ...wrapText(ofLanguage).map((line) => `  ${line}`),
    '',
    'testmesh explain <function> shows an example',
    '',
  ].join('\n');
}

/** The names of all functions. */
export function listFunctionNames(): readonly string[] {
  return [...createFunctions().keys(), ...listBuiltinNames()];
}

/** What a function takes and gives, with an example; undefined when there is none of this name. */
export function describeFunction(name: string, paint: Paint): string | undefined {
  const own = createFunctions().get(name);
  if (own) {
    const { example } = functionDocs[name] ?? {};
    const call = `${paint.bold(name)}${describeCall(name).slice(name.length)}`;
    return [
      call,
      '',
      ...wrapText(`gives ${own.summary}`.replace(/^gives (?=whether )/, 'says ')),
      '',
      paint.green('for example'),
      `  ${example}`,
      '',
    ].join('\n');
  }
  if (![...listBuiltinNames()].includes(name)) return undefined;
  return `${paint.bold(name)} is a function of the language: ${LANGUAGE}#${name.toLowerCase()}\n`;
}

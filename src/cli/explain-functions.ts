import { listBuiltinNames } from '../expr/index.ts';
import { createFunctions } from '../functions/registry.ts';
import type { Paint } from '../util/paint.ts';
import { wrapText } from '../util/wrap-text.ts';

/** Lists the functions that expressions have: those of flows with what they give, and those of the language. */
export function describeFunctions(paint: Paint): string {
  const own = [...createFunctions().values()];
  const width = Math.max(...own.map(({ name }) => name.length));
  const ofLanguage = [...listBuiltinNames()].sort().join(', ');
  return [
    'functions of flows',
    ...own.map(({ name, summary }) => `  ${paint.bold(name.padEnd(width))}  ${summary}`),
    '',
    'functions of the language, as in https://expr-lang.org/docs/language-definition',
    ...wrapText(ofLanguage).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

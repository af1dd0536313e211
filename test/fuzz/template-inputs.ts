import { type Draws, mutate } from './draws.ts';
import { EXPRESSION_WORDS, makeExpression } from './expression-inputs.ts';

const TEMPLATES = [
  '{{user}}',
  'hello {{ user.name }}!',
  '${HOME:-none}',
  '${n}',
  '<<user.name>>',
  '{{ {a: 1}.a }}',
  '\\{{literal}}',
  '\\\\{{n}}',
  '{{a}}{{n}}',
  '{{ text ?? "none" }}',
  "SELECT '{{1,2},{3,4}}'",
  '${a:b}',
  '{{ map(items, {{id: .id}}) }}',
  'x << 2 >> 1',
  '{{"}}"}}',
  '{{ `a` }}',
  '${ {a: "}"}.a }',
] as const;
const WORDS = ['{{', '}}', '${', '}', '<<', '>>', '\\{{', '\\${', ':-', ':', ' ', 'text', ...EXPRESSION_WORDS];

/** A text with placeholders. */
export function makeTemplate(draws: Draws): string {
  switch (draws.below(3)) {
    case 0:
      return mutate(draws.pick(TEMPLATES), WORDS, draws);
    case 1:
      return Array.from({ length: 1 + draws.below(12) }, () => draws.pick(WORDS)).join('');
    default:
      return `a ${draws.pick(['{{', '${', '<<'])}${makeExpression(draws)}${draws.pick(['}}', '}', '>>', ''])} b`;
  }
}

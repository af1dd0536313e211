import { createRandom } from '../../src/engine/names/random.ts';

/** Choices that a seed makes, for inputs that can be made again. */
export interface Draws {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** The choices of one input: they depend on the seed, the target and the number of the input alone. */
export function createDraws(seed: string): Draws {
  const random = createRandom(seed);
  const below = (end: number): number => Math.floor(random.random() * end);
  return {
    below,
    pick<T>(items: readonly T[]): T {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    chance: (probability) => random.random() < probability,
  };
}

const ODD_CHARACTERS = [
  '\0',
  '\t',
  '\n',
  '\r\n',
  '\u2028',
  '\ufeff',
  '\u0301',
  'é',
  '日',
  '😀',
  '\ud83d',
  '\\',
  '"',
  "'",
  '`',
  '#',
  '%',
  '&',
  '*',
  '!',
  '|',
  '>',
  '<',
  '@',
  '~',
  '^',
  '$',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ':',
  ';',
  ',',
  '.',
  '..',
  '?',
  '-',
  '+',
  '=',
  '/',
  ' ',
  '0',
  '9',
] as const;

/** Changes a text in a few places: cuts, doubles, swaps, and puts in what others have or what is odd. */
export function mutate(text: string, words: readonly string[], draws: Draws): string {
  let changed = text;
  for (let times = 1 + draws.below(4); times > 0; times--) changed = mutateOnce(changed, words, draws);
  return changed.slice(0, 4_000);
}

function mutateOnce(text: string, words: readonly string[], draws: Draws): string {
  const at = draws.below(text.length + 1);
  const length = 1 + draws.below(8);
  switch (draws.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + draws.pick(ODD_CHARACTERS) + text.slice(at);
    case 2:
      return text.slice(0, at) + draws.pick(words) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(at, at + length * 4).repeat(1 + draws.below(3)) + text.slice(at);
    case 4:
      return text.slice(0, at) + draws.pick(ODD_CHARACTERS) + text.slice(at + 1);
    case 5:
      return text.slice(0, at);
    case 6:
      return repeatPart(text, at, draws);
    default:
      return text.slice(0, at) + draws.pick(words) + text.slice(at + length);
  }
}

/** A part many times over: what takes more than linear time shows here. */
function repeatPart(text: string, at: number, draws: Draws): string {
  const part = text.slice(at, at + 1 + draws.below(4)) || draws.pick(ODD_CHARACTERS);
  return text.slice(0, at) + part.repeat(draws.pick([2, 10, 100, 1000])) + text.slice(at);
}

import type { Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { KnownSecrets } from '../events/secrets.ts';
import type { Thrown } from '../outcome/thrown.ts';

/**
 * What an action threw, without pieces of secrets that were quoted from its settings: a server that could not read a text says where,
 * and no other mask knows a piece. Whole secrets stay, for what an error says is judged.
 */
export function hidePieces(thrown: Thrown, config: unknown, secrets: KnownSecrets): Thrown {
  if (secrets.isEmpty) return thrown;
  const texts: string[] = [];
  listTexts(config, texts, new Set());
  const mask = secrets.maskPiecesOf(texts.join('\n'));
  if (!mask) return thrown;
  const maskAll = (lines: readonly string[]): readonly string[] => lines.map(mask);
  return {
    ...thrown,
    problem: maskProblem(thrown.problem, mask),
    details: thrown.details.map(({ title, lines }) => ({ title, lines: maskAll(lines) })),
    data: Object.fromEntries(Object.entries(thrown.data).map(([key, value]) => [key, maskValue(value, mask)])),
  };
}

type Mask = (text: string) => string;

function maskProblem(problem: Problem, mask: Mask): Problem {
  const { message, hints, clues } = problem;
  return {
    ...problem,
    message: mask(message),
    hints: hints?.map(mask),
    clues: clues?.map((clue) => ({ ...clue, text: mask(clue.text) })),
  };
}

function maskValue(value: Value, mask: Mask): Value {
  return typeof value === 'string' ? mask(value) : value;
}

function listTexts(value: unknown, texts: string[], seen: Set<unknown>): void {
  if (typeof value === 'string') texts.push(value);
  if (typeof value !== 'object' || value === null || isExpressionAt(value) || seen.has(value)) return;
  seen.add(value);
  for (const item of Object.values(value)) listTexts(item, texts, seen);
}

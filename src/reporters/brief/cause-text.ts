import type { Problem } from '../../model/events.ts';
import { renderProblem } from '../../source/render/render-problem.ts';
import { createPaint } from '../../util/paint.ts';
import { takeShown } from '../../util/take-shown.ts';
import { writeExchange } from '../exchange/write-exchange.ts';
import type { WrongStep } from '../fold/wrong-flows.ts';
import { cleanLine, cleanText, cutTo } from '../output/text.ts';

const paint = createPaint(false);
const MAX_PROBLEMS = 5;
const MAX_BODY = 300;

/** Why a step is wrong: messages with their values, and what came; `isPlaced`: with the lines of the file. */
export function describeCause(
  { problems, exchange }: WrongStep,
  { isPlaced, maxLines }: { isPlaced: boolean; maxLines: number },
): readonly string[] {
  const { shown, hidden } = takeShown(problems, MAX_PROBLEMS);
  const texts = shown.map((problem) => cleanText(renderProblem(isPlaced ? problem : withoutPlace(problem), paint)));
  const received = exchange && writeExchange(exchange);
  const came = [received?.received ?? '', received?.receivedBody ?? ''].filter((part) => part !== '').join('  ');
  const lines = [
    ...texts.flatMap((text) => text.split('\n')),
    ...(hidden > 0 ? [`… and ${hidden} more problems`] : []),
    ...(came === '' ? [] : [`received ${cutTo(cleanLine(came.slice(0, MAX_BODY + 1)), MAX_BODY)}`]),
  ];
  const { shown: kept, hidden: cut } = takeShown(lines, maxLines);
  return cut > 0 ? [...kept, `… and ${cut} more lines`] : kept;
}

/** Without a place the values stand by themselves, and no lines of the file around them. */
function withoutPlace({ location: _, ...problem }: Problem): Problem {
  return problem;
}

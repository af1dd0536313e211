import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExampleRun, runExample, runFiles, type Target } from './run-example.ts';

export const EFFECTS_EXAMPLE = '26-what-an-order-changes.yaml';
const examples = join(import.meta.dirname, '..', '..', 'examples');

/** What is the flow's own among what several at once do, as an author would write it. */
const WHERE = `
    where:
      "*": record.user_id == user_id
      user_service.users: record.id == user_id
      order_service.order_items: record.order_id == order_id
      product_service.products: record.id == product_id
`;

export interface EffectsPart {
  readonly name: string;
  readonly green: number;
  readonly runs: number;
  /** What each red run said. */
  readonly reds: readonly string[];
}

/** Runs the example of effects against healthy services: four fifths alone, the others four flows at once in one run, told apart by \`where\`. */
export async function proveEffects(
  count: number,
  { target, note }: { readonly target: Target; note(text: string): void },
): Promise<readonly EffectsPart[]> {
  const together = Math.floor(count / 5);
  const alone = await repeat('alone', count - together, note, () => runExample(EFFECTS_EXAMPLE, target));
  const fours = await repeat('four flows at once', together, note, () => runFourAtOnce(target));
  return [alone, fours];
}

/** Runs the example four times at once in one run, each told from the others by `where`. */
export async function runFourAtOnce(target: Target): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-effects-'));
  try {
    const text = readFileSync(join(examples, EFFECTS_EXAMPLE), 'utf8').replace(/\n {2}setup:/, `${WHERE}\n  setup:`);
    const files = [1, 2, 3, 4].map((number) => join(folder, `order-${number}.yaml`));
    for (const file of files) writeFileSync(file, text);
    return await runFiles([...files, '-j', '4'], target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeat(
  name: string,
  runs: number,
  note: (text: string) => void,
  run: () => Promise<ExampleRun>,
): Promise<EffectsPart> {
  const reds: string[] = [];
  for (let done = 0; done < runs; done++) {
    const { code, output } = await run();
    if (code !== 0) reds.push(output);
    if ((done + 1) % 10 === 0) note(`effects, ${name}: ${done + 1 - reds.length} of ${done + 1} green`);
  }
  return { name, green: runs - reds.length, runs, reds };
}

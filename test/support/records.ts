import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValueMap } from '../../src/expr/index.ts';
import { createCaselessMap, ExactNumber } from '../../src/expr/index.ts';
import type { RecorderOptions } from '../../src/records/recorder.ts';
import { createRecorder } from '../../src/records/recorder.ts';
import type { ReplayQuery } from '../../src/records/replay.ts';
import { readReplay } from '../../src/records/replay.ts';
import { EventBuilder, failedAssertion } from './events.ts';

export const FILE = 'flows/order.yaml';
export const big = new ExactNumber('9007199254740993');

/** An output folder of its own, with short ways to write and read records in it. */
export class RecordSandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'testmesh-records-'));
  readonly directory = join(this.root, '.testmesh');

  async record(runId: string, builder: EventBuilder, more: Partial<RecorderOptions> = {}): Promise<void> {
    const onProblem = (text: string) => {
      throw new Error(text);
    };
    await builder.play(createRecorder({ directory: this.directory, runId, onProblem, ...more }));
  }

  replay(more: Partial<ReplayQuery> = {}) {
    return this.find(more).replay;
  }

  find(more: Partial<ReplayQuery> = {}) {
    return readReplay({ directory: this.directory, flowFile: { path: FILE }, flowId: 'order', ...more });
  }

  eventsPath(runId: string): string {
    return join(this.directory, 'runs', runId, 'events.ndjson');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A run of the whole flow in which a step failed. */
export function fullRun(runId: string, startedAt = 1, captures: ValueMap = { order_id: big }): EventBuilder {
  const builder = new EventBuilder()
    .run({ runId })
    .flow({
      variables: { email: 'a1@example.test', ORDER_URL: 'http://localhost:5003' },
      volatileNames: ['email'],
      tags: ['smoke'],
    })
    .step('login', { captures: [{ name: 'token', isSecret: true }] })
    .step('create', {
      result: { body: { id: big, total: 59.98 }, headers: createCaselessMap([['Content-Type', 'application/json']]) },
      captures: Object.entries(captures).map(([name, value]) => ({ name, value, isSecret: false })),
    })
    .remember('wait', 'orders', { '0': 17 })
    .step('each[0]>check', { result: { status: 200 } })
    .step('pay', { outcome: 'failed', result: { status: 500 }, problems: [failedAssertion()] })
    .skip('not reached', 'mail')
    .endFlow('failed', { captures, secretNames: ['token'] })
    .endRun('failed');
  return at(startedAt, builder);
}

/** A run of one chosen step. */
export function partialRun(
  startedAt: number,
  captures: ValueMap = {},
  outcome: 'passed' | 'failed' = 'passed',
): EventBuilder {
  const builder = new EventBuilder()
    .run()
    .flow({ isPartial: true, replayOf: 'an earlier one' })
    .step('create', {
      outcome,
      result: { from: startedAt },
      captures:
        outcome === 'failed' ? [] : Object.entries(captures).map(([name, value]) => ({ name, value, isSecret: false })),
    })
    .endFlow(outcome, { captures });
  return at(startedAt, builder);
}

/** The same run, begun at another time. */
export function at(startedAt: number, builder: EventBuilder): EventBuilder {
  return new EventBuilder().add(...builder.events.map((event) => ({ ...event, at: startedAt })));
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Consumer } from '../../model/consumer.ts';

/** How many flows end between two looks. */
const FLOWS = 200;
/** How much may be added to what is alive, bytes. */
const MOST_ADDED = 24 * 1024 * 1024;

/** The heap, as far as it can be looked after. */
export interface Heap {
  usedBytes(): number;
  /** Takes a long collection, 20 ms or so. */
  collect(): void;
}

/**
 * Makes the consumer that collects garbage in runs of very many flows. Left alone, V8 lets connections that are closed and
 * signals that nobody follows pile up to several times what is alive before it takes the long collection that finds them.
 */
export function createMemoryTrimmer(heap: Heap = createHeap()): Consumer {
  let ended = 0;
  let alive = 0;
  return {
    name: 'memory',
    on({ type }) {
      if (type !== 'flow_finished' || ++ended % FLOWS !== 0) return;
      if (heap.usedBytes() < alive + MOST_ADDED) return;
      heap.collect();
      alive = heap.usedBytes();
    },
    close: async () => undefined,
  };
}

function createHeap(): Heap {
  let collect: (() => void) | undefined;
  return {
    usedBytes: () => process.memoryUsage().heapUsed,
    collect() {
      collect ??= findCollector();
      collect();
    },
  };
}

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

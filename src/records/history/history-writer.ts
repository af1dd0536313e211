import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer } from '../../model/consumer.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { OWNER_ONLY, toFolderName } from '../run-folders.ts';
import { HistoryFold } from './history-fold.ts';

/** Makes the consumer that leaves an entry of the run in a folder, which may hold those of other runs; `close` rejects when it cannot. */
export function createHistoryWriter(directory: string, findCommit: () => Promise<string | undefined>): Consumer {
  const fold = new HistoryFold();
  let runId = 'run';
  return {
    name: 'history',
    on(event) {
      if (event.type === 'run_started') runId = event.runId;
      fold.add(event);
    },
    async close() {
      const entry = fold.finish(await findCommit());
      if (!entry) return;
      makeFolder(directory);
      const path = join(directory, `${toFolderName(runId)}.json`);
      writeFileSync(path, `${JSON.stringify(entry)}\n`, { mode: OWNER_ONLY });
    },
  };
}

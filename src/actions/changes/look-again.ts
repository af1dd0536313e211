/** How often a look is begun anew: who drops tables all the time is not waited for. */
const MOST_TIMES = 5;

/** What databases say of a table that is not there, or not as it was when the snapshot began. */
const GONE: ReadonlySet<unknown> = new Set(['42P01', 'ER_NO_SUCH_TABLE', 'ER_TABLE_DEF_CHANGED']);

/** Looks at tables, and once more where one went away between the list of them and the look at it. @throws what the look does */
export async function lookAgain<T>(look: (isAgain: boolean) => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    try {
      return await look(times > 1);
    } catch (error) {
      if (times === MOST_TIMES || !isOfGoneTable(error)) throw error;
    }
  }
}

function isOfGoneTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GONE.has(error.code);
}

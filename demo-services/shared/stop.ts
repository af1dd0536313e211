import type { Logger } from 'pino';

const graceMs = 4_000;

/** Calls `close` once on SIGTERM, SIGINT or the end of the process that started this one, and then exits. */
export function onStopRequest(log: Logger, close: () => Promise<void>): void {
  let isStopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.error(`not stopped within ${graceMs} ms`);
      process.exit(1);
    }, graceMs).unref();
    await close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop went wrong');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('disconnect', () => void stop('the process that started it has ended'));
}

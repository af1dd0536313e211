import { connect } from 'node:net';

/** Sends a broker an ApiVersions request, version 0, and waits for its answer without an error code. */
export function answersApiVersions({ host = '127.0.0.1', port }: { host?: string; port: number }): Promise<boolean> {
  const request = Buffer.from('0000000a00120000000000070000', 'hex');
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const timer = setTimeout(() => finish(false), 2_000);
    let answer = Buffer.alloc(0);
    const finish = (isAnswered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAnswered);
    };
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length >= 10) finish(answer.readInt32BE(4) === 7 && answer.readInt16BE(8) === 0);
    });
    for (const event of ['error', 'close']) socket.on(event, () => finish(false));
  });
}

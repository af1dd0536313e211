import { formatDuration } from '../util/duration.ts';
import { describeNetworkFailure, type Failure, findErrorCode } from './failure.ts';
import type { HttpStage } from './http-handler.ts';

/** Describes why a request got no answer; `peer` is host and port. */
export function describeHttpFailure(error: unknown, peer: string): Failure {
  const code = findErrorCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return { kind: 'config', code: undefined, message: `the request cannot be sent: ${text}`, hints: [] };
  }
  const about = { kind: 'connection', code } as const;
  if (code === 'UND_ERR_SOCKET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return {
      ...about,
      message: `${peer} closed the connection before the answer was complete`,
      hints: ["look into the service's log: it may have crashed", 'a TLS port wants `https://`'],
    };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return { ...about, message: `the answer of ${peer} is larger than 256 MB`, hints: [] };
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return { ...about, message: `the headers of the answer of ${peer} are larger than 16 KB`, hints: [] };
  if (code?.startsWith('HPE_') || /does not match the HTTP/.test(text)) {
    return {
      ...about,
      message: `${peer} answered with something that is not HTTP`,
      hints: ['check the port; a TLS port wants `https://`'],
    };
  }
  return (
    describeNetworkFailure(error, peer, 'url') ?? {
      ...about,
      message: `the request to ${peer} failed: ${text}`,
      hints: [],
    }
  );
}

/** Describes a request whose time was over. */
export function describeHttpTimeout(stage: HttpStage, peer: string, timeoutMs: number): Failure {
  const within = `within ${formatDuration(timeoutMs)}`;
  const about = { kind: 'timeout', code: 'ETIMEDOUT' } as const;
  switch (stage.at) {
    case 'connecting':
      return {
        ...about,
        message: `no connection to ${peer} came about ${within}`,
        hints: ['check the address; a firewall may drop connection attempts'],
      };
    case 'handshake':
      return {
        ...about,
        message: `${peer} accepted the connection but did not finish the TLS handshake ${within}`,
        hints: ['is it a TLS port?'],
      };
    case 'waiting':
      return {
        ...about,
        message: `${peer} accepted the connection but did not answer ${within}`,
        hints: ["look into the service's log, or raise `timeout`"],
      };
    case 'receiving':
      return {
        ...about,
        message: `${peer} answered ${stage.status} but its body was not complete ${within} (${stage.bytes} bytes came)`,
        hints: ['raise `timeout` when the answer is large'],
      };
    default:
      return stage satisfies never;
  }
}

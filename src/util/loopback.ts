const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Whether a host, in lower case and without brackets, is this machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

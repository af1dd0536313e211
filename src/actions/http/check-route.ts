import type { ConfigFinding } from '../../model/action/settings.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';
import { readProxyUrl } from './proxy.ts';

/** What can be said before the run about the way a request takes: `tls` and `proxy`. */
export function checkRoute({ tls, proxy }: Readonly<Record<string, unknown>>): ConfigFinding[] {
  return [...(isRecord(tls) ? checkTls(tls) : []), ...checkProxy(proxy)];
}

function checkTls({ ca, cert, key, passphrase, insecure }: Readonly<Record<string, unknown>>): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const report = (severity: ConfigFinding['severity'], setting: string, message: string) =>
    findings.push({ severity, code: 'TM312', path: ['tls', setting], message });
  if (key !== undefined && cert === undefined)
    report('error', 'key', '`tls.key` needs `tls.cert`: the certificate that it belongs to');
  if (passphrase !== undefined && cert === undefined)
    report('error', 'passphrase', '`tls.passphrase` opens a key, but there is none: give `tls.cert` and `tls.key`');
  if (insecure === true && ca !== undefined)
    report('warning', 'ca', '`tls.ca` has no effect: with `insecure: true` any certificate will do');
  return findings;
}

function checkProxy(proxy: unknown): ConfigFinding[] {
  if (typeof proxy !== 'string' || proxy.trim() === '' || hasPlaceholder(proxy)) return [];
  const read = readProxyUrl(proxy.trim(), 'proxy');
  if ('url' in read) return [];
  return [{ severity: 'error', code: 'TM311', path: ['proxy'], message: read.mistake, help: read.help }];
}

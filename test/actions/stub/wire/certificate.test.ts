import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeSelfSigned } from '../../../../src/actions/stub/wire/certificate.ts';

it('makes a certificate for this machine by an authority that signs nothing else', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const { ca, cert, key } = makeSelfSigned(now);
  const authority = new X509Certificate(ca);
  const server = new X509Certificate(cert);
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(authority.verify(authority.publicKey)).toBe(true);
  expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(server.checkHost('localhost')).toBe('localhost');
  expect(new Date(server.validFrom).getTime()).toBe(now - 86_400_000);
  expect(new Date(server.validTo).getTime()).toBe(now + 30 * 86_400_000);
  expect(key).toContain('BEGIN PRIVATE KEY');
  expect(new X509Certificate(makeSelfSigned(now).cert).serialNumber).not.toBe(server.serialNumber);
});

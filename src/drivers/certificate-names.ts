/** The names in the certificate that Node hands along with its error; a certificate without a list of them has one, its own. */
export function listCertificateNames(error: unknown): string | undefined {
  const { subjectaltname: names, subject } = readRecord(readRecord(error)['cert']);
  if (typeof names === 'string') return names.replaceAll('DNS:', '').replaceAll('IP Address:', '');
  const { CN: name } = readRecord(subject);
  return typeof name === 'string' ? name : undefined;
}

function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

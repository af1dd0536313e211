import { expect, it } from 'vitest';
import { maskAddress } from '../../src/util/mask-address.ts';

it.each([
  ['influxdb=http://localhost:8086/k6', 'influxdb=http://localhost:8086/k6'],
  ['influxdb=http://ada:hunter2@localhost:8086/k6', 'influxdb=http://***@localhost:8086/k6'],
  ['influxdb=http://ada:hun/ter@2@localhost:8086/k6', 'influxdb=http://***@localhost:8086/k6'],
  ['influxdb=http://localhost:8086/k6?org=a&token=hunter2', 'influxdb=http://localhost:8086/k6?…'],
  ['http://ada:hunter2?x@localhost', 'http://***@localhost'],
  ['json=a@b?c.ndjson', 'json=a@b?c.ndjson'],
])('masks what may be secret in %s', (text, masked) => {
  expect(maskAddress(text)).toBe(masked);
});

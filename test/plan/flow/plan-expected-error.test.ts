import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

it('takes the kinds of errors that docs/language.md lists, and no others', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/language.md'), 'utf8');
  const row = /^\| `expect_error`.*$/m.exec(page)?.[0] ?? '';
  const listed = [...(/`kind` is (.*?)\. What/.exec(row)?.[1] ?? '').matchAll(/`(\w+)`/g)].map(([, kind]) => kind);
  const step = 'action: http_request, config: { url: "http://localhost/" }, expect_error: { kind: nope }';
  const { diagnostics } = planText(`name: x\nsteps:\n  - { ${step} }\n`);
  const { message = '' } = diagnostics.find(({ code }) => code === 'TM103') ?? {};
  const taken = [...(/expected one of (.*), got /.exec(message)?.[1] ?? '').matchAll(/`(\w+)`/g)].map(
    ([, kind]) => kind,
  );
  expect(taken).not.toEqual([]);
  expect(listed.sort()).toEqual(taken.sort());
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';
import { isFullRun, repeats, sample } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of masking', 1, 0) > 0);

function mask(secret: Value, text: string): string {
  const secrets = createSecrets();
  secrets.add(secret);
  return secrets.maskText(text);
}

const SECRET = `p4"ss/w\\ö rd'+&=`;
const toBase64 = (before: string, text: string): string =>
  Buffer.from(before + text.replaceAll('&', '&amp;').replaceAll('"', '&#34;')).toString('base64');
const BASIC = Buffer.from(`user:${SECRET}`).toString('base64');

describe('masking', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ pin: SECRET })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ pin: SECRET }))],
    ['in JSON of ASCII letters', JSON.stringify(SECRET).replace('ö', '\\u00f6')],
    ['in a URL', `http://h/?p=${encodeURIComponent(SECRET)}&q=1`],
    ['in a URL with lower-case escapes', encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ p: SECRET }).toString()],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['in basic authorization', `Basic ${BASIC}`],
    ['in a shell’s quotes', `curl -d '${SECRET.replaceAll("'", "'\\''")}'`],
    ['in JSON in a shell’s quotes', `curl -d '${JSON.stringify(SECRET).replaceAll("'", "'\\''")}'`],
    ['in SQL in a shell’s quotes', `psql -c '${SECRET.replaceAll("'", "''").replaceAll("'", "'\\''")}'`],
    ['in the JSON of Go', JSON.stringify(SECRET).replaceAll('&', '\\u0026')],
    ['in JSON with upper-case digits', JSON.stringify(SECRET).replace('ö', '\\u00F6')],
    ['in HTML', SECRET.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll("'", '&#39;')],
    ['in HTML with names', SECRET.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&apos;')],
    ['in a URL’s user-info', `http://me:${encodeURIComponent(SECRET).replaceAll("'", '%27')}@h/`],
    ['in JSON in a URL', encodeURIComponent(JSON.stringify({ a: SECRET }))],
    ['in hexadecimal digits', Buffer.from(SECRET).toString('hex')],
    ['in a header that was read as ISO 8859-1', Buffer.from(SECRET).toString('latin1')],
    ['in a URL twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in a URL in base64', Buffer.from(`my%20app:${encodeURIComponent(SECRET)}`).toString('base64')],
    ['in JSON in base64', Buffer.from(JSON.stringify({ user: 'ada', pw: SECRET })).toString('base64')],
    [
      'in a form in base64 in a URL',
      encodeURIComponent(Buffer.from(`~~~~${new URLSearchParams({ p: SECRET })}`).toString('base64')),
    ],
    ['in HTML in base64 in PHP’s JSON', toBase64('???&amp;&#34;', SECRET).replaceAll('/', '\\/')],
    ['in JSON behind a path', `/v1/items/${Buffer.from(JSON.stringify([SECRET])).toString('base64url')}/x`],
    ['in a token', `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ sub: SECRET })).toString('base64url')}.c2ln`],
    ['in base64 twice', Buffer.from(Buffer.from(`x${SECRET}`).toString('base64')).toString('base64')],
  ])('finds a secret %s', (_title, text) => {
    const masked = mask(SECRET, text);
    expect(masked).toContain('***');
    for (const part of ['p4', 'ss', 'w\\', 'rd', BASIC.slice(8, 20)]) expect(masked).not.toContain(part);
  });

  it.each([
    ['the beginning', Buffer.from('hunter2-')],
    ['the end', Buffer.from('2-Secr8t')],
    ['the end behind something', Buffer.from('me:2-Secr8t')],
  ])('finds the base64 of eight characters at %s', (_title, bytes) => {
    const written = bytes.toString('base64');
    expect(mask('hunter2-Secr8t', `x ${written} y`)).toBe('x *** y');
    expect(mask('hunter2-Secr8t', written)).toBe('***');
  });

  it.each([8, 20, 64, 76])('finds base64 that is wrapped after %i digits', (columns) => {
    const secret = 'LongS3cret-value-that-is-wrapped-0123456789-abcdefgh, and some more behind it';
    for (const text of [secret, `user:${secret}`, JSON.stringify({ a: 'b', c: secret })]) {
      const written = Buffer.from(text).toString('base64');
      for (const end of ['\n', '\r\n', '\r\n  ', '\\r\\n', '%0A']) {
        const lines = written.match(new RegExp(`.{1,${columns}}`, 'g'))?.join(end);
        expect(mask(secret, `"${lines}" behind`)).toBe('"***" behind');
      }
    }
  });

  it('leaves digits on several lines that hold none', () => {
    const text = 'the words\nabcdefghij\nklmnopqrst\nor another';
    expect(mask('abcdefgh-ijklm', text)).toBe(text);
  });

  it.each(['\n', '\r\n', '\\n', '\\r\\n', '%0A'])(
    'leaves the words on the lines around a secret, which end with %j',
    (end) => {
      const write = (secret: string): string => ['B: 1', '', 'abcdefghijk', secret, 'next line', 'and more'].join(end);
      expect(mask('LIC-2024-77Zq8', write('LIC-2024-77Zq8'))).toBe(write('***'));
      expect(mask('LIC-2024-77Zq8', write(`LIC-2024${end}-77Zq8`))).not.toContain('2024');
    },
  );

  inFullRun('looks into a text of many lines without much delay', () => {
    const startedAt = performance.now();
    mask('LongS3cret-value', `${'abcdefghijklmnop\n'.repeat(20_000)}${'a'.repeat(200_000)}\n${'\n'.repeat(50_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it.each([
    ['letter by letter', (secret: string) => Array.from(secret)],
    ['in two parts', (secret: string) => [secret.slice(0, 7), secret.slice(7)]],
    [
      'in threes, behind and in front of others',
      (secret: string) => ['user', ...(secret.match(/.{1,3}/gsu) ?? []), 'end'],
    ],
  ])('finds a secret in a list %s', (_title, take) => {
    for (const secret of [SECRET, 'hunter2-and-8z', 'k"9\\Ru!\nx_2q']) {
      const items = take(secret);
      const wanted = items[0] === 'user' ? '"user", "***", "end"' : '"***"';
      for (const text of [
        JSON.stringify(items),
        JSON.stringify(items, null, 2),
        JSON.stringify(JSON.stringify({ a: items })),
      ]) {
        const masked = mask(secret, text)
          .replaceAll(/[\s\\]+/g, '')
          .replaceAll(',', ', ');
        expect(masked.replace(/^"\{"a":|\}"$/g, '').replace(/^"|"$/g, '')).toContain(`[${wanted}]`);
      }
    }
  });

  it.each(['["hunter","2-and-"]', '["8z","hunter2-"]', '{"a":"hunter2-","b":"and-8z"}', '["hunt","","x","er2-and-8"]'])(
    'leaves a list that has no more than parts of a secret: %s',
    (text) => {
      expect(mask('hunter-two-and-8z', text)).toBe(text);
    },
  );

  it.each(['NFC', 'NFD'])('finds letters with marks that are put together otherwise, given as %s', (form) => {
    const secret = 'pässwörd-ñandú-77';
    for (const other of ['NFC', 'NFD'])
      expect(mask(secret.normalize(form), `got ${secret.normalize(other)}.`)).toBe('got ***.');
  });

  it.each<[string, Value, string, string]>([
    ['a short one is masked as a whole value only', 'ab', 'ab', '***'],
    ['a short one stays inside of others', 'ab', 'cab ab', 'cab ab'],
    ['four characters are masked inside', 'abcd', 'xabcdx abcd', 'x***x ***'],
    ['the longest wins', ['abcd', 'abcdef'], 'abcdef abcde', '*** ***e'],
    ['a number counts as its digits', 123456, '{"pin":123456}', '{"pin":***}'],
    ['an exact number too', new ExactNumber('9007199254740993'), 'n=9007199254740993', 'n=***'],
    [
      'every text in a map',
      { a: ['first-secret'], b: { c: 'second-secret' } },
      'first-secret, second-secret',
      '***, ***',
    ],
    ['nil, bools and the empty text are none', [null, true, ''], 'null true ', 'null true '],
    ['a line of a key', `-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n`, 'x MIIEvQIBADANBgkqhkiG9w0 y', 'x *** y'],
    ['a host in small letters', 'Tenant-B7x', 'http://tenant-b7x.example/', 'http://***.example/'],
    ['in capital letters', 'hunter2-Secr8t', 'x HUNTER2-SECR8T y', 'x *** y'],
    ['in capital letters in a URL', 'hunter2 Secr8t', '/?p=HUNTER2%20SECR8T', '/?p=***'],
    ['with a capital letter', 'hunter2-Secr8t', 'x Hunter2-secr8t y', 'x *** y'],
    ['with capital letters', 'hunter2-secr8t', 'x Hunter2-Secr8t y', 'x *** y'],
    ['a short line', 'first line\nsecond, a long line of it', 'x first line y', 'x *** y'],
    ['a text in JSON', '{"id":"order","key":"a\\nb-c-d-e-f"}', 'order a\nb-c-d-e-f', 'order ***'],
    ['line breaks that became blanks', 'first\r\nnext\tone', 'is first  next one.', 'is ***.'],
    ['text around stays', 'hunter22', 'a hunter22, b hunter2', 'a ***, b hunter2'],
    ['a secret of a URL is used without its escapes', 'p%40ss%2Fword', 'is p@ss/word', 'is ***'],
    ['a secret of HTML is used without its escapes', 'Qz7&#43;mK2&amp;x&#x2F;y', 'is Qz7+mK2&x/y', 'is ***'],
    ['one escaped twice as well', 'Qz7&amp;#43;mK2', 'is Qz7+mK2', 'is ***'],
    ['a secret of JSON too', 'Qz7\\u002bmK2\\/x\\"y', 'is Qz7+mK2/x"y', 'is ***'],
    ['a short line of a text with \\n in it', '-----BEGIN KEY-----\\nQ7w9ErTyUiOp\\n', 'x Q7w9ErTyUiOp y', 'x *** y'],
    ['with \\r\\n as well', 'a long line of it, the first\\r\\nQ7w9ErTyUiOp', 'x Q7w9ErTyUiOp y', 'x *** y'],
    ['with line breaks in the place of \\n', 'abcd efgh\\nijkl mnop', 'x abcd efgh\nijkl mnop y', 'x *** y'],
    ['overlapping ones are one', ['hunter22', '22secret'], 'a hunter22secret b', 'a *** b'],
    ['regular expression characters are text', 'a.c*(d', 'aXc*(d a.c*(d', 'aXc*(d ***'],
  ])('%s', (_title, secret, text, wanted) => {
    expect(mask(secret, text)).toBe(wanted);
  });

  inFullRun('leaves no secret behind, whatever surrounds it', () => {
    const secret = fc.string({ minLength: 4, maxLength: 20, unit: 'grapheme' });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        fc.pre(!hidden.includes('*'));
        const masked = mask(hidden, before + hidden + after);
        expect(masked).toContain('***');
        expect(masked).not.toContain(hidden);
      }),
    );
  });

  it.each([
    ['at its end', 'got "correct-horse-ba… (24 characters)', 'got "***… (24 characters)'],
    ['at both ends', 'near …ect-horse… here', 'near …***… here'],
    ['at its beginning', 'near ...horse-battery[9]" here', 'near ...***" here'],
    ['to a few letters', '"corr…', '"***…'],
    ['in the middle of an escape', 'a=correct-horse-battery%5… b', 'a=***… b'],
    ['without a sign, when much is left', "entry 'correct-horse-batter' for", "entry '***' for"],
    ['not when little is left', 'the horse-batter is well', 'the horse-batter is well'],
    [
      'its beginning and end in a text, when they are no words',
      'x=hunter2-q&y=q8zR-end1',
      'x=***&y=***',
      'hunter2-q-and-q8zR-end1',
    ],
    ['of big and small letters too', 'tokenIsHere, notIsOver', '***, notIsOver', 'tokenIsHereAndThere'],
    ['of base64 digits not', 'eyJpZCI6Im9yZGVyIn0', 'eyJpZCI6Im9yZGVyIn0', '{"id":"o-token-more"}'],
    ['not a beginning that is words', 'the customer-orders', 'the customer-orders', 'customer-key-1'],
    [
      'not a beginning that is a date or number',
      'on 2024-01-01, 12345678',
      'on 2024-01-01, 12345678',
      ['2024-01-01-x', '1234567890123'],
    ],
    ['in base64', `Basic ${Buffer.from('me:correct-horse-battery').toString('base64').slice(0, 20)}…`, 'Basic ***…'],
    [
      'in base64 of JSON',
      `got "${Buffer.from('{"a":"xyz","pw":"q\\"r\\"s\\"t"}').toString('base64').slice(0, 34)}… (44 characters)`,
      'got "***… (44 characters)',
      'q"r"s"t',
    ],
  ])('finds what a cut left of a secret: %s', (_title, text, wanted, secret: Value = 'correct-horse-battery[9]') => {
    expect(mask(secret, text)).toBe(wanted);
  });

  it.each([
    ['its beginning', 'hunter2-Sec', true],
    ['its end', '2-Secr8t', true],
    ['a short beginning', 'hunter2', false],
    ['its middle', 'unter2-Secr8', false],
    ['its beginning and more', 'hunter2-Sec and', false],
  ])('knows a value that is a piece of a secret: %s', (_title, value, wanted) => {
    const secrets = createSecrets();
    secrets.add(['hunter2-Secr8t', 'postgres://app:x@localhost/db']);
    expect(secrets.isPiece(value)).toBe(wanted);
    expect(secrets.isPiece('postgres')).toBe(false);
  });

  it('leaves the host of a secret address, and masks the address', () => {
    const secret = 'postgres://app:hunter22@localhost:5432/orders';
    expect(mask(secret, 'cannot reach localhost:5432/orders')).toBe('cannot reach localhost:5432/orders');
    expect(mask(secret, `got ${secret}`)).toBe('got ***');
  });

  inFullRun('finds a secret that each writer may have escaped in its own way', () => {
    const writers: readonly ((text: string) => string)[] = [
      (text) => JSON.stringify(text),
      (text) => encodeURIComponent(text),
      (text) => `${new URLSearchParams({ a: text })}`,
      (text) => new URL(`http://u:${encodeURIComponent(text)}@h`).password,
      (text) => text.replaceAll(/[&<>"'`=]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`),
      (text) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
      (text) => `"${text.replaceAll('"', '""')}"`,
    ];
    const secret = fc.string({
      minLength: 5,
      maxLength: 20,
      unit: fc.constantFrom(...`aZ09"'[]{}~%+/\\&<>?=;:@!* öß秘`),
    });
    fc.assert(
      fc.property(secret, fc.constantFrom(...writers), fc.constantFrom(...writers), (hidden, inner, outer) => {
        fc.pre(hidden.trim() === hidden);
        const once = mask(hidden, `x ${inner(hidden)} y`);
        expect(once).toContain('***');
        // What is left is what stands around it.
        expect(once.replaceAll(/^x (?:a=)?"?|"? y$/g, '')).toBe('***');
        expect(mask(hidden, outer(inner(hidden)))).toContain('***');
      }),
    );
  });

  // which of the places of a cut are tried
  const EVERY = isFullRun ? 1 : 7;
  const deep = [SECRET, 'pass"word\\tail7ch', `a\\b"c'd\ne/f~tailxyz`, 'x"y"z"1234567', 'pa ss\tw\u00f6rd\u2028"x'];
  it.each(sample('secrets in levels of JSON', deep, { count: 1 }))(
    'shows no more than three characters of %j in up to six levels of JSON, cut anywhere',
    (secret) => {
      const secrets = createSecrets();
      secrets.add(secret);
      let text = secret;
      for (let level = 1; level <= 6; level++) {
        text = JSON.stringify(text);
        expect(secrets.maskText(`${text},`)).toMatch(/^[\\"]*\*\*\*[\\"]*,$/);
        for (let cut = level % EVERY; cut <= text.length; cut += EVERY) {
          for (const part of [`${text.slice(0, cut)}\u2026`, `\u2026${text.slice(cut)}`]) {
            const shown = secrets.maskText(part).replaceAll(/\*\*\*|[\u2026\\"]/g, '');
            expect(shown.length, `${part} gives ${shown}`).toBeLessThanOrEqual(3);
          }
        }
      }
    },
  );

  it('takes no longer for a secret that repeats itself', () => {
    const secret = 'a'.repeat(400);
    const startedAt = performance.now();
    expect(mask(secret, `${'a'.repeat(399)}b`.repeat(500))).toBe('***b'.repeat(500));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('finds a secret wherever its bytes fall in base64', () => {
    const ascii = fc.string({ minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(ascii, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (hidden, before, after) => {
        const text = Buffer.from(before + hidden + after).toString('base64');
        expect(mask(hidden, `x ${text} y`)).toBe('x *** y');
      }),
    );
  });

  it('finds an escaped one wherever its bytes fall in base64', () => {
    const odd = fc.string({ minLength: 5, maxLength: 20, unit: fc.constantFrom(...`aZ09"%+/\\&`) });
    const ascii = fc.string({ maxLength: 9 });
    const write = fc.constantFrom<(text: string) => string>(encodeURIComponent, JSON.stringify, (text) =>
      text.replaceAll('&', '&amp;').replaceAll('"', '&#34;'),
    );
    fc.assert(
      fc.property(odd, ascii, ascii, write, (hidden, before, after, writer) => {
        const text = Buffer.from(`<<${before}${writer(hidden)}${after}>>`).toString('base64');
        expect(mask(hidden, `x ${text} y`)).toBe('x *** y');
      }),
    );
  });

  it('leaves base64 that holds no secret, and words that look like it', () => {
    const text = `${toBase64('', 'some text that is long and no secret')} aPathInCamelCase/Which/Is/Long`;
    expect(mask('hunter2&Secr8t', text)).toBe(text);
    expect(mask('q"r"s"t', `eyJhIjoieHl6 q"r"s"t ${text}`)).toBe(`eyJhIjoieHl6 *** ${text}`);
  });

  inFullRun('looks into long base64 without much delay', () => {
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 7919) % 251));
    const secrets = createSecrets();
    secrets.add('hunter2&Secr8t');
    const startedAt = performance.now();
    const text = bytes.toString('base64');
    expect(secrets.maskText(text)).toBe(text);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('gives the same text when there is nothing to mask', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(createSecrets().maskText(text)).toBe(text);
        expect(mask('not-in-there', text)).toBe(text);
      }),
    );
  });
});

describe('secrets in others', () => {
  it('are masked with those around them, until they are forgotten', () => {
    const around = createSecrets();
    const own = createSecrets(around);
    expect(own.isEmpty).toBe(true);
    around.add('outer-secret-1');
    own.add('inner-secret-2');
    const text = 'outer-secret-1 inner-secret-2 outer-secret-1inner-secret-2';
    expect(own.maskText(text)).toBe('*** *** ******');
    expect(around.maskText(text)).toBe('*** inner-secret-2 ***inner-secret-2');
    expect([own.isPiece('outer-secr'), own.isPiece('inner-secr')]).toEqual([true, true]);
    own.forgetBeyond(8);
    expect(own.maskText(text)).toBe('*** *** ******');
    own.forgetBeyond(0);
    expect(own.maskText(text)).toBe('*** inner-secret-2 ***inner-secret-2');
    expect([own.isEmpty, own.isPiece('inner-secr')]).toEqual([false, false]);
  });

  it('are found again in an address that was read before they were forgotten', () => {
    const own = createSecrets();
    const address = 'postgres://root:inner-secret-2@db/x';
    for (let round = 0; round < 2; round++) {
      own.addPasswords(address);
      expect(own.maskText('inner-secret-2')).toBe('***');
      own.forgetBeyond(0);
      expect(own.maskText('inner-secret-2')).toBe('inner-secret-2');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import type { Value } from '../../../src/expr/index.ts';

function mask(secret: Value, text: string): string {
  const secrets = createSecrets();
  secrets.add(secret);
  return secrets.maskText(text);
}

describe('a secret in a URL, as its parser writes it', () => {
  it.each([
    ['CORP\\svc-Adm1n\\Zx81', 'http://h/users/S', 'http://h/users/***'],
    ['CORP\\svc-Adm1n\\Zx81', 'http://h/users?t=S', 'http://h/users?t=***'],
    ['CORP\\svc-Adm1n\\Zx81', 'http://S', 'http://***'],
    ['CORP\\svc-Adm1n\\Zx81', 'http://u:x@S/', 'http://u:x@***/'],
    ['Win\\Dom9\\pass77xx', 'http://S:x@h/users', 'http://***:x@h/users'],
    ['Win\\Dom9\\pass77xx', 'http://Api.S/users', 'http://api.***/users'],
    ['Win/Dom9/pass77xx', 'http://S', 'http://***'],
    ['me:pAss77\\Kx81', 'http://h/S', 'http://h/***'],
    ['a\\b?c\\d\\e#f\\gH', 'http://h/S', 'http://h/***'],
    ['Ab1\\..\\cD2\\.\\eF3', 'http://h/S', 'http://h/***'],
    ['uS3r:pAss@Host7.Example', 'http://S/x', 'http://***/x'],
    ['Zürich-Süd99', 'http://S.example/', 'http://***.example/'],
    ['Zürich-Süd99\\pAss', 'http://S', 'http://***'],
  ])('%s in %s', (secret, written, wanted) => {
    const address = new URL(written.replace('S', secret)).href;
    expect(mask(secret, `GET ${address}.`)).toBe(`GET ${wanted}.`);
    expect(mask(secret, `?to=${encodeURIComponent(address)}`)).toBe(
      `?to=${encodeURIComponent(wanted.replace('***', 'S')).replace('S', '***')}`,
    );
  });
});

describe('a secret that was put into other letters', () => {
  it.each([
    ['ß that upper leaves', 'zürich-straße-99', 'ZÜRICH-STRAßE-99'],
    ['ß that upper makes two', 'zürich-straße-99', 'ZÜRICH-STRASSE-99'],
    ['ß that was folded', 'Zürich-Straße-99', 'zürich-strasse-99'],
    ['letters of ASCII alone, capital', 'zürich-straße-99', 'ZüRICH-STRAßE-99'],
    ['letters of ASCII alone, small', 'ZÜRICH-ÖST-99', 'zÜrich-Öst-99'],
    ['a sigma at an end', 'ΟΔΟΣ-ΚΡΥΦΟΣ', 'οδοσ-κρυφοσ'],
    ['initcap with ß', 'zürich-straße-99', 'Zürich-Straße-99'],
    ['ligatures', 'eﬃcient-oﬃce', 'EﬃCIENT-OﬃCE'],
  ])('%s', (_title, secret, text) => {
    expect(mask(secret, `is ${text}.`)).toBe('is ***.');
  });
});

describe('numbers and short texts in a secret of JSON', () => {
  const SECRET =
    '{"type":"service","pin": 48213377, "code": 4821, "neg":-1234567890.50, "n": 42, "key": "k-7f3", "l": [31337]}';

  it.each([
    ['a long number', 'pin=48213377;', 'pin=***;'],
    ['one with a fraction', 'got -1234567890.50', 'got ***'],
    ['one of fewer digits, as a whole value', '4821', '***'],
    ['one of fewer digits, in others', 'port 4821', 'port 4821'],
    ['one in a list', '31337', '***'],
    ['a short text with a digit', 'k-7f3', '***'],
    ['a short one without', 'service', 'service'],
    ['one of two digits', '42', '42'],
  ])('%s', (_title, text, wanted) => {
    expect(mask(SECRET, text)).toBe(wanted);
  });

  it('do not count in what is no JSON', () => {
    expect(mask('[48213377 and more', '48213377')).toBe('48213377');
  });
});

describe('a secret of digits alone', () => {
  it.each([
    ['48151623', '48,151,623'],
    ['48151623', '48.151.623'],
    ['48151623', '48\u202f151\u202f623'],
    ['48151623', "48'151'623"],
    ['48151623', '48_151_623'],
    ['48151623', '4,81,51,623'],
    ['48151623', '$48,151,623.00', '$***.00'],
    ['48151623', '4.8151623e7', '***e7'],
    ['48151623', '4.8151623E+07', '***E+07'],
    ['48151623', '4.815162e+07', '***e+07'],
    ['481516', '481,516'],
    ['4815160000', '4.81516e9', '***e9'],
    ['4815000000', '4.815e9'],
    ['4815000000', '4.815E+09'],
    ['00481516', '481,516'],
    ['012345', '012,345'],
    ['48151623421081516', '4.8151623421081516e16', '***e16'],
  ])('finds the number %s as %s', (secret, text, wanted = '***') => {
    expect(mask(secret, `is ${text} now`)).toBe(`is ${wanted} now`);
    if (!/^0|.{16}/.test(secret)) expect(mask(Number(secret), `is ${text} now`)).toBe(`is ${wanted} now`);
  });

  it('leaves groups of digits that are none of a secret, and of a short one', () => {
    expect(mask('48151623', 'is 48,151,624 and 4.8e7')).toBe('is 48,151,624 and 4.8e7');
    expect(mask('48151', 'is 48,151')).toBe('is 48,151');
  });
});

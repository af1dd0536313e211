import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  describeCredential,
  hideFields,
  hideWritten,
  isAuthorizationName,
  isPasswordName,
} from '../../src/util/hidden-fields.ts';

describe('passwords in a text', () => {
  it.each([
    ['{"user":"ada","password":"hunter2","age":3}', '{"user":"ada","password":"***","age":3}'],
    ['{ "newPassword" : "a \\"b\\" c" }', '{ "newPassword" : "***" }'],
    ['{"password":12345}', '{"password":***}'],
    ['{"PASSWORD":"hunter2', '{"PASSWORD":"***'],
    ['value "{\\"password\\":\\"hun\\\\\\"ter2\\",\\"a\\":1}"', 'value "{\\"password\\":\\"***\\",\\"a\\":1}"'],
    ['{"headers":{"Authorization":"Bearer c0ffee"}}', '{"headers":{"Authorization":"***"}}'],
    ['user=ada&password=hunter2&x=1', 'user=ada&password=***&x=1'],
    ['http://h/p?user_password=hunter2#f', 'http://h/p?user_password=***#f'],
    ['<u><password>hunter2</password></u>', '<u><password>***</password></u>'],
    [
      '{"password_confirmation":"hunter2","passwordRepeat":"x"}',
      '{"password_confirmation":"***","passwordRepeat":"***"}',
    ],
    ['"{\\"password2\\":\\"hunter2\\"}"', '"{\\"password2\\":\\"***\\"}"'],
    ['{"user[password]":"hunter2"}', '{"user[password]":"***"}'],
    ['password1=hunter2&password_hash=x&a=b', 'password1=***&password_hash=***&a=b'],
    ['a=b&user[password_confirmation]=hunter2', 'a=b&user[password_confirmation]=***'],
    ['user%5Bpassword%5D=hunter2&user%5bpassword-repeat%5d=x', 'user%5Bpassword%5D=***&user%5bpassword-repeat%5d=***'],
    ['<a>\n  <password>\n    hunter2', '<a>\n  <password>***'],
    ['got <password> hunter2 </password>', 'got <password>***</password>'],
    ['got <password>hunter2', 'got <password>***'],
    [
      'ERR AUTH <password> called without any password configured',
      'ERR AUTH <password> called without any password configured',
    ],
    ['<passwordConfirm>hunter2</passwordConfirm>', '<passwordConfirm>***</passwordConfirm>'],
    ['<ns:Passwd type="x">hunter2</ns:Passwd>', '<ns:Passwd type="x">***</ns:Passwd>'],
  ])('%s', (text, wanted) => {
    expect(hideFields(text)).toBe(wanted);
  });

  it.each([
    '{"password":null,"a":"b"}',
    '{"password":""}',
    '{"password":true}',
    '{"passwords":["too short"]}',
    '{"password_hint":"a dog"}',
    '{"password_hash_algorithm":"bcrypt"}',
    '{"password_changed_at":"2026-01-01"}',
    'password_strength=good&password2factor=no',
    'the password is wrong',
    'no password: give one',
    '"password" is needed, "user" too',
  ])('%s stays', (text) => {
    expect(hideFields(text)).toBe(text);
  });

  it('are found in a large text in no time', () => {
    const text = `"password ${'"password":'.repeat(20_000)}${'\\'.repeat(50_000)}${'a'.repeat(100_000)}`;
    const startedAt = performance.now();
    hideFields(text);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

it('names say what is a password or an authorization', () => {
  expect(['password', 'newPassword', 'user_passwd', 'PASSWORD'].every(isPasswordName)).toBe(true);
  expect(['password_confirmation', 'passwordRepeat', 'password2', 'Password-Hash'].every(isPasswordName)).toBe(true);
  expect(['user[password]', 'user.password_again', 'confirm_password'].every(isPasswordName)).toBe(true);
  expect(['passwords', 'password_hint', 'password_hashes', 'pass', ''].some(isPasswordName)).toBe(false);
  expect(['Authorization', 'proxy-authorization'].every(isAuthorizationName)).toBe(true);
  expect(['authorizations', 'x-authorization', 'auth'].some(isAuthorizationName)).toBe(false);
});

it('a credential shows its scheme, its length and what tells it from another one', () => {
  const digest = createHash('sha256').update('c0ffee').digest('hex').slice(0, 8);
  expect(describeCredential('Bearer c0ffee')).toBe(`Bearer *** (6 characters, SHA-256 ${digest})`);
  expect(describeCredential('c0ffee')).toBe(`*** (6 characters, SHA-256 ${digest})`);
  expect(describeCredential('')).toBe('');
  expect(describeCredential(describeCredential('Bearer c0ffee'))).toBe(describeCredential('Bearer c0ffee'));
  for (const masked of ['***', 'abc-***', '***-abc']) {
    expect(describeCredential(`Basic ${masked}`)).toBe('Basic ***');
    expect(describeCredential(masked)).toBe('***');
  }
});

describe('passwords in a line of a flow', () => {
  it.each([
    ['    password: hunter2 # mine', '    password: ******* # mine'],
    [
      "auth: { basic: { username: bob, password: 'a b', x: 1 } }",
      'auth: { basic: { username: bob, password: *****, x: 1 } }',
    ],
    ['sasl: { mechanism: plain, password: "Pw, 1" }', 'sasl: { mechanism: plain, password: ******* }'],
    ['auth: { bearer: c0ffee }', 'auth: { bearer: ****** }'],
    ['"authorization": Basic abc', '"authorization": *********'],
    ['headers: "Authorization: Bearer c0ffee"', 'headers: "Authorization: *************"'],
    ['headers: "Authorization: Bearer {{T}}"', 'headers: "Authorization: Bearer {{T}}"'],
    [
      'headers: [{ name: Authorization, value: Bearer c0ffee }, { name: A, value: b }]',
      'headers: [{ name: Authorization, value: ************* }, { name: A, value: b }]',
    ],
    ['form: [{ key: password, value: "a b" }]', 'form: [{ key: password, value: ***** }]'],
    ['message: "a text of password and authorization"', 'message: "a text of password and authorization"'],
    ['{ password: "{{PW}}", new_password: ${PW} }', '{ password: "{{PW}}", new_password: ${PW} }'],
    ['output: { password: $.body.password }', 'output: { password: $.body.password }'],
    ['password: { from: x }', 'password: { from: x }'],
    ['assert: [body.password == nil]', 'assert: [body.password == nil]'],
  ])('%s', (line, shown) => {
    expect(hideWritten(line)).toBe(shown);
  });
});

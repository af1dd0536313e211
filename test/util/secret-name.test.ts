import { expect, it } from 'vitest';
import { isSecretLike, isSecretName } from '../../src/util/secret-name.ts';

it.each(
  `
    PASSWORD pgpassword MYSQL_PASSWD CLIENT_SECRET githubToken APIKEY PRIVATE_KEY_2 API_KEYS
    DB_PASS dbPass DBPASS PASS DB_PASS_2 SMTP_PWD pwd DB_PW MASTER_PASSPHRASE PASSCODE
    DB_CREDENTIALS CREDENTIAL SIGNING_KEY AWS_SECRET_ACCESS_KEY accessKey ENCRYPTION_KEY MASTER_KEY
    JWT USER_JWT BEARER GH_PAT NPM_AUTH basicAuth AUTHORIZATION STRIPE_SK SALT SESSION_COOKIE
  `.match(/\S+/g) ?? [],
)('%s says that its value is a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

it.each(
  `
    PATH PASSED BYPASS COMPASS TRESPASS PASSENGERS PASSPORT PWD OLDPWD AUTHOR AUTH_URL
    SSH_AUTH_SOCK KEYBOARD KEY ORDER_KEY PATTERN PATIENT SPAT OAUTH TASK JWT_ISSUER BEARERS
    AWS_ACCESS_KEY_ID GOOGLE_APPLICATION_CREDENTIALS CREDENTIALS_FILE TOKEN_URL ACCESS_LOG COOKIE_NAME
    PASS_COUNT BASALT DB_PASSWORD_FILE 
  `.match(/\S+/g) ?? [],
)('%s does not', (name) => {
  expect(isSecretName(name)).toBe(false);
});

it.each([
  ['DB_PASS', 'hunter22', true],
  ['DB_PASS', 'admin', false],
  ['DB_CREDENTIALS', 'https://vault/x', false],
  ['SLACK_WEBHOOK_URL', 'https://hooks.example.com/services/T0/B0/x1Yz82Kd93Lm40Qp', true],
  ['WEBHOOK', 'https://example.com/hook?key=x1Yz82Kd93Lm40Qp', true],
  ['WEBHOOK_URL', 'http://localhost:9000/hooks/order-was-placed-now', false],
  ['CALLBACK_URL', 'https://hooks.example.com/services/T0/B0/x1Yz82Kd93Lm40Qp', false],
  ['PWD', '/home/ada/orders', false],
])('%s=%s of the environment: masked %s', (name, text, wanted) => {
  expect(isSecretLike(name, text)).toBe(wanted);
});

import { DEADLINE, type SettingDocs, TLS } from './shared.ts';

export const HTTP_DOCS: Readonly<Record<string, SettingDocs>> = {
  http_request: {
    method: ['GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or another word; no body changes it', 'GET'],
    url: ['the whole address, `http://` or `https://`'],
    query: ['parameters behind `?`, encoded; a list gives a name several times, nil leaves one out'],
    headers: ['headers of the request; nil leaves one out'],
    body: ['what is sent: a map or list as JSON, a text as it is'],
    form: ['what is sent as a form, `application/x-www-form-urlencoded`'],
    multipart: ['parts of a form with files: plain values, `{file: avatar.png}` or `{value: …, content_type: …}`'],
    auth: [
      '`{bearer: token}`, `{basic: {username, password}}`, `{api_key: {header, value}}` or `{oauth2: {token_url, client_id, client_secret, scope}}`',
    ],
    timeout: ['how long the whole request may take, with redirects and body', DEADLINE],
    follow_redirects: ['whether 301, 302, 303, 307 and 308 are followed', 'true'],
    max_redirects: ['so many redirects and no more', '10'],
    tls: [TLS],
    proxy: [
      'the address of a proxy, or false for none',
      '`HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the environment',
    ],
    http2: ['HTTP/2 and nothing else; a server that does not speak it is an error', 'false'],
    cookies: ['`{name: value}` sends more this once, false neither sends nor keeps any', 'the jar of the flow'],
    max_body: ['a larger answer, unpacked, is an error', '64MB, at most 256MB'],
    save_to: ['a file in the folder of the flow that takes the bytes of the answer'],
  },
};

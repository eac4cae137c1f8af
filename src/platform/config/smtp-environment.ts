import { resolve } from 'node:path';
import type { VariableReader } from './key-provider-environment.js';
import type { MailSettings } from './settings.js';

type SmtpSettings = Pick<Extract<MailSettings, { mode: 'smtp' }>, 'url' | 'requireTls' | 'authorities'>;

/** The mail server. Its URL has no parameters, which could switch off what the other variables ask for. */
export function readSmtp({
  text,
  oneOf,
  url,
  expect,
}: Pick<VariableReader, 'text' | 'oneOf' | 'url' | 'expect'>): SmtpSettings {
  const server = url('SMTP_URL', ['smtp:', 'smtps:']);
  expect('SMTP_URL', !/[?#]/.test(server), 'a URL without parameters');
  return {
    url: server,
    requireTls: oneOf('SMTP_REQUIRE_TLS', ['yes', 'no']) === 'yes',
    authorities: text('SMTP_CACERT') === '' ? undefined : resolve(text('SMTP_CACERT')),
  };
}

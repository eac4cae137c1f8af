import type { VariableReader } from './key-provider-environment.js';
import type { AlertSettings } from './settings.js';

const ADDRESS = /^[^\s@,]{1,64}@[^\s@,]{1,255}$/;
/** 24 to 64 bytes, as Standard Webhooks asks for. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** Who is told of alerts. */
export function readAlerts({
  text,
  oneOf,
  url,
  expect,
}: Pick<VariableReader, 'text' | 'oneOf' | 'url' | 'expect'>): AlertSettings {
  const mail = text('ALERT_MAIL')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  expect(
    'ALERT_MAIL',
    mail.every((address) => ADDRESS.test(address)),
    'mail addresses, separated by commas',
  );
  const isInternal = oneOf('ALERT_WEBHOOK_INTERNAL', ['no', 'yes']) === 'yes';
  const secret = text('ALERT_WEBHOOK_SECRET');
  const receiver = text('ALERT_WEBHOOK');
  if (receiver === '') return { mail, webhook: undefined };
  url('ALERT_WEBHOOK', isInternal ? ['http:', 'https:'] : ['https:']);
  expect('ALERT_WEBHOOK_SECRET', SECRET.test(secret), 'whsec_ and the base64 of 24 to 64 random bytes');
  return { mail, webhook: { url: receiver, secret, isInternal } };
}

import { PassThrough } from 'node:stream';
import { testSettings } from '../test/support/settings.js';
import { type MailSettings, Settings } from './platform/config/settings.js';
import { Logger } from './platform/logging/logger.js';
import { warnOfSilence } from './process.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const SMTP: MailSettings = {
  mode: 'smtp',
  url: 'smtp://mail.example.fr',
  from: 'sceau@example.fr',
  requireTls: true,
  authorities: undefined,
};
const FOLDER: MailSettings = { mode: 'folder', folder: '/nowhere', from: 'sceau@example.fr' };
const WEBHOOK = { url: 'https://veille.example.fr', secret: '', isInternal: false };

describe('a process whose alerts reach nobody', () => {
  const base = testSettings(NO_DATABASE, '/nowhere', 0);
  function said(changes: Pick<Settings, 'alerts' | 'mail'>): string {
    const lines = new PassThrough();
    const settings = new Settings({ ...base, logLevel: 'info', ...changes });
    warnOfSilence(settings, new Logger(settings, lines));
    return String(lines.read() ?? '');
  }

  it('says so when it starts', () => {
    const line = said({ alerts: { mail: [], webhook: undefined }, mail: SMTP });
    expect(line).toContain('alerts are told to nobody: set ALERT_MAIL or ALERT_WEBHOOK');
  });

  it.each<[string, Pick<Settings, 'alerts' | 'mail'>]>([
    ['mail', { alerts: { mail: ['veille@example.fr'], webhook: undefined }, mail: SMTP }],
    ['a webhook', { alerts: { mail: [], webhook: WEBHOOK }, mail: SMTP }],
    ['development’s folder', { alerts: { mail: [], webhook: undefined }, mail: FOLDER }],
  ])('has nothing to say with %s', (_, changes) => {
    expect(said(changes)).toBe('');
  });
});

import { type Alert, alertSentence } from './alert.js';

const MAILS: Alert = {
  entryId: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
  index: 41,
  at: new Date('2026-11-30T08:00:00Z'),
  action: 'mail.undeliverable',
  level: 'warning',
  outcome: 'allowed',
  actorKind: 'system',
  reason: null,
  count: 3,
  agencyId: null,
  clientId: null,
};

describe('the sentence of an alert', () => {
  it('says how many mails were given up', () => {
    expect(alertSentence(MAILS, 'en')).toMatch(/^warning: the service itself gave up mails.*\. 3 of them/);
    expect(alertSentence(MAILS, 'fr')).toMatch(/^avertissement : le service lui-même a renoncé.*\. 3 depuis/);
    expect(alertSentence({ ...MAILS, action: 'incident.opened' }, 'en')).not.toContain('3');
  });
});

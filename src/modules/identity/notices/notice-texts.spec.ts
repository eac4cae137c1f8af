import { type Notice, textOf } from './notice-texts.js';
import { APPLICATION_MAILS } from './texts/application-notices.js';

const TOKEN = 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo';
const MOMENT = new Date('2026-12-18T17:00:00Z');
const LINK = 'https://candidatures.example.fr/welcome#confirm=J0lC';

/** Of every kind one: a kind that is missing here does not compile. */
const NOTICES: { readonly [Kind in Notice['kind']]: Notice & { readonly kind: Kind } } = {
  confirm_address: { kind: 'confirm_address', link: LINK, token: TOKEN },
  address_known: { kind: 'address_known' },
  address_invited: { kind: 'address_invited' },
  signed_in_elsewhere: { kind: 'signed_in_elsewhere' },
  sessions_ended: { kind: 'sessions_ended' },
  factor_enrolled: { kind: 'factor_enrolled' },
  recovery_code_used: { kind: 'recovery_code_used', left: 7 },
  staff_invited: { kind: 'staff_invited', role: 'auditor', link: LINK, token: TOKEN },
  staff_suspended: { kind: 'staff_suspended' },
  staff_resumed: { kind: 'staff_resumed' },
  password_changed: { kind: 'password_changed' },
  factor_replaced: { kind: 'factor_replaced' },
  recovery_codes_renewed: { kind: 'recovery_codes_renewed' },
  address_changed: { kind: 'address_changed' },
  address_change_asked: { kind: 'address_change_asked', token: TOKEN },
  confirm_new_address: { kind: 'confirm_new_address', token: TOKEN },
  password_reset_asked: { kind: 'password_reset_asked', token: TOKEN },
  recovery_asked: {
    kind: 'recovery_asked',
    reference: '01900000-0000-7000-8000-00000000000a',
    hours: 72,
    token: TOKEN,
  },
  recovery_approved: { kind: 'recovery_approved', hours: 72, token: TOKEN },
  recovery_ready: { kind: 'recovery_ready', token: TOKEN },
  recovery_refused: { kind: 'recovery_refused' },
  recovery_completed: { kind: 'recovery_completed' },
  passkey_added: { kind: 'passkey_added' },
  passkey_removed: { kind: 'passkey_removed' },
  passkey_copied: { kind: 'passkey_copied' },
  identity_linked: { kind: 'identity_linked', provider: 'franceconnect' },
  identity_unlinked: { kind: 'identity_unlinked', provider: 'proconnect' },
  account_erased: {
    kind: 'account_erased',
    cause: 'candidate',
    reference: '01900000-0000-7000-8000-00000000000a',
    backupDays: 7,
  },
  data_exposed: {
    kind: 'data_exposed',
    isFurther: false,
    reference: '01900000-0000-7000-8000-00000000000b',
    what: { fr: 'vos formations', en: 'details of education' },
    when: { fr: 'le 30 novembre 2026 à 9 h 05', en: 'on 30 November 2026 at 09:05, Paris time' },
    isCutOff: true,
    areKeysRenewed: true,
    contact: 'https://candidatures.example.fr/donnees-personnelles',
  },
  application_changed: {
    kind: 'application_changed',
    mail: 'under_review',
    vacancy: 'Archiviste',
    link: LINK,
  },
  document_quarantined: { kind: 'document_quarantined', link: LINK },
  offer_ending: { kind: 'offer_ending', vacancy: 'Archiviste', link: LINK, answerBy: MOMENT },
};
const CHANGES = APPLICATION_MAILS.map((mail) => ({
  ...NOTICES.application_changed,
  mail,
  ...(mail === 'offered' ? { answerBy: MOMENT } : {}),
}));
const KINDS: readonly Notice[] = [
  ...Object.values(NOTICES),
  ...CHANGES,
  { ...NOTICES.data_exposed, isFurther: true },
];
const GREETINGS = { fr: /^Bonjour,\n\n/, en: /^Hello,\n\n/ };
const OTHER = { fr: /\b(the|your|you|is|sent)\b/i, en: /\b(le|la|votre|vous|est|une)\b/i };

describe('the text of a notice', () => {
  describe.each(['fr', 'en'] as const)('in %s', (locale) => {
    it.each(KINDS)('says what it has to say in that language only: $kind', (notice) => {
      const { subject, text } = textOf(notice, locale);
      expect(subject).toMatch(/^[^\p{C}]{10,70}$/u);
      expect(text).toMatch(GREETINGS[locale]);
      const words = `${subject}\n${text}`.replaceAll(LINK, '').replaceAll(TOKEN, '');
      expect(words).not.toMatch(OTHER[locale]);
      expect(words).not.toMatch(/undefined|\[object|NaN/);
    });

    it.each(KINDS)(
      'holds the link and the code that it is given, each on a line of its own: $kind',
      (notice) => {
        const lines = textOf(notice, locale).text.split('\n');
        expect(lines.filter((line) => line === LINK)).toHaveLength('link' in notice ? 1 : 0);
        expect(lines.filter((line) => line === TOKEN)).toHaveLength('token' in notice ? 1 : 0);
      },
    );

    it.each(KINDS)('names nobody and asks for nothing secret: $kind', (notice) => {
      const { text } = textOf(notice, locale);
      expect(text).not.toMatch(/@|mot de passe actuel|your password is|envoyez|reply with/i);
      expect(text.trimEnd()).toMatch(/(réponses|replies)\.$/);
    });
  });

  it('is another one for everything that becomes of an application', () => {
    const said = CHANGES.map((notice) => textOf(notice, 'fr'));
    for (const part of ['subject', 'text'] as const)
      expect(new Set(said.map((text) => text[part])).size).toBe(APPLICATION_MAILS.length);
  });

  it.each(KINDS)('is set as French is: $kind', (notice) => {
    const { subject, text } = textOf(notice, 'fr');
    expect(`${subject}\n${text}`).not.toMatch(
      /\p{L}'\p{L}|[^\u00A0]:(?!\/\/)|[^\u202F][;!?]|«(?!\u00A0)|(?<!\u00A0)»/u,
    );
  });

  it('claims of an incident what the log says, and not that each field was filled in', () => {
    const said = { fr: textOf(NOTICES.data_exposed, 'fr').text, en: textOf(NOTICES.data_exposed, 'en').text };
    expect(said.fr).toContain('Rubriques consultées\u00A0: vos formations.');
    expect(said.fr).toContain('que vous l’ayez remplie ou non');
    expect(said.en).toContain('What was opened: details of education.');
    expect(said.en).toContain('whether or not you had filled it in');
    expect(`${said.fr} ${said.en}`).not.toMatch(/exact|données lues|was read:/i);
  });

  it('says how many recovery codes are left, and for what role somebody is invited', () => {
    expect(textOf(NOTICES.recovery_code_used, 'en').text).toContain('You have 7 left.');
    expect(textOf({ ...NOTICES.staff_invited, role: 'operator' }, 'fr').text).toContain(
      'pour l’exploitation',
    );
    expect(textOf(NOTICES.application_changed, 'fr').text).toContain('en cours d’examen');
    expect(textOf(NOTICES.account_erased, 'fr').text).toContain('persistent encore 7 jours');
    for (const [locale, moment] of [
      ['fr', 'vendredi 18 décembre 2026 à 18\u00A0h\u00A000 (heure de Paris)'],
      ['en', 'Friday, 18 December 2026 at 18:00 (Paris time)'],
    ] as const)
      expect(textOf(NOTICES.offer_ending, locale).text).toContain(moment);
    for (const cause of ['operator', 'inactivity'] as const)
      expect(textOf({ ...NOTICES.account_erased, cause }, 'en').text).toMatch(
        /all data about you are erased/,
      );
  });
});

import type { Locale } from '../../kernel/context.js';
import { typeset } from '../../kernel/wording.js';
import { type Alert, alertSentence } from './alert.js';

const SHOWN = 20;

interface Words {
  readonly subject: (count: number, critical: number) => string;
  readonly begin: string;
  readonly more: (count: number) => string;
  readonly agency: string;
  readonly client: string;
  readonly entry: string;
  readonly end: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  fr: {
    subject: (count, critical) => `Sceau : ${count} alerte(s), dont ${critical} critique(s)`,
    begin: 'Le journal contient des alertes dont personne n’a encore été informé :',
    more: (count) => `… et ${count} autre(s).`,
    agency: 'organisme',
    client: 'client',
    entry: 'entrée',
    end: 'Les auditeurs les consultent, avec leurs preuves, par GET /v1/audit/alerts.',
  },
  en: {
    subject: (count, critical) => `Sceau: ${count} alert(s), ${critical} of them critical`,
    begin: 'The ledger has alerts that nobody has been told of yet:',
    more: (count) => `… and ${count} more.`,
    agency: 'agency',
    client: 'client',
    entry: 'entry',
    end: 'Auditors read them, with their proofs, by GET /v1/audit/alerts.',
  },
};

/** One mail for several alerts, in both languages: nobody knows who reads it. */
export function alertMail(alerts: readonly Alert[]): { readonly subject: string; readonly text: string } {
  const critical = alerts.filter(({ level }) => level === 'critical').length;
  const subject = `${typeset(WORDS.fr.subject(alerts.length, critical))} / ${WORDS.en.subject(alerts.length, critical)}`;
  return { subject, text: `${typeset(textIn('fr', alerts))}\n--\n\n${textIn('en', alerts)}` };
}

function textIn(locale: Locale, alerts: readonly Alert[]): string {
  const words = WORDS[locale];
  // What is critical is shown before whatever fills the mail.
  const ordered = [
    ...alerts.filter(({ level }) => level === 'critical'),
    ...alerts.filter(({ level }) => level !== 'critical'),
  ];
  const lines = ordered.slice(0, SHOWN).flatMap((alert) => {
    const { at, agencyId, clientId, entryId } = alert;
    const where = [
      ...(agencyId === null ? [] : [`${words.agency} ${agencyId}`]),
      ...(clientId === null ? [] : [`${words.client} ${clientId}`]),
      `${words.entry} ${entryId}`,
    ];
    return [`- ${at.toISOString()} ${alertSentence(alert, locale)}`, `  ${where.join(', ')}`];
  });
  const left = alerts.length - SHOWN;
  return [words.begin, '', ...lines, ...(left > 0 ? [words.more(left)] : []), '', words.end, ''].join('\n');
}

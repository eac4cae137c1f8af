import type { Locale } from '../../../kernel/context.js';
import { typeset } from '../../../kernel/wording.js';
import type { MeasuresTaken } from '../containment/measures.js';
import type { ImpactTotal } from '../impact/impact.js';
import { whyLowerBound } from '../impact/lower-bound.js';
import { byCategory, isSensitive } from './field-categories.js';
import { measuresInWords } from './measures-in-words.js';

const HOUR_MS = 3_600_000;
/** GDPR article 33(1). */
const DEADLINE_HOURS = 72;

/** What a draft is made of. */
export interface NotificationFacts {
  readonly impact: ImpactTotal;
  readonly measures: MeasuresTaken;
  /** How the data protection officer is reached. */
  readonly contact: string;
  readonly now: Date;
}

const moment = (at: Date | null, missing: string): string =>
  at === null ? missing : at.toISOString().replace('.000Z', 'Z');

/**
 * The notification to the authority (GDPR article 33(3)), section by section as CNIL's form asks, with the figures
 * filled in. What no figure says stands in square brackets.
 */
export function authorityNotification(facts: NotificationFacts, locale: Locale): string {
  return locale === 'fr' ? typeset(inFrench(facts)) : inEnglish(facts);
}

const line = (count: number, text: string): string => (count === 0 ? '' : `\n- ${text}`);

const deadlineOf = ({ incident }: ImpactTotal): Date =>
  new Date(Date.parse(incident.noticedAt) + DEADLINE_HOURS * HOUR_MS);

function inFrench({ impact, measures, contact, now }: NotificationFacts): string {
  const { incident, subjects, erased, told, entries, fields, everything, checkpoint } = impact;
  const { waiting, unreached } = impact;
  const due = deadlineOf(impact);
  const lacking = whyLowerBound(incident.criteria, impact);
  const least = lacking.length === 0 ? '' : 'au moins ';
  const categories = byCategory(fields).map(
    ({ category, fields: named }) =>
      `- ${category.fr}\n${named.map(({ field, subjects: count }) => `  - \`${field}\` : ${least}${count} personne(s)`).join('\n')}`,
  );
  return `# Notification d'une violation de données à caractère personnel

Projet établi le ${moment(now, '')} pour la CNIL (article 33 du RGPD). Les crochets sont à compléter.

## 1. Nature de la notification

- [initiale / complémentaire / complète]
- Incident : ${incident.id}, « ${incident.title} »
- Échéance des 72 heures : ${moment(due, '')}${now > due ? '\n- Délai dépassé. Motifs du retard (article 33, paragraphe 1) : [à compléter]' : ''}

## 2. Responsable du traitement

- Organisme : [dénomination, SIREN, adresse]
- Délégué à la protection des données ou point de contact : ${contact}

## 3. Violation

- Début : ${moment(impact.first, '[aucun accès constaté]')}
- Fin : ${moment(impact.last, '[aucun accès constaté]')} ${incident.closedAt === null ? '(incident ouvert)' : '(incident clos)'}
- Prise de connaissance : ${incident.noticedAt}
- Circonstances de la découverte : [à compléter]
- Nature : perte de confidentialité [perte d'intégrité, de disponibilité : à compléter]
- Origine : [acte interne ou externe, malveillant ou accidentel]

## 4. Personnes concernées

- Catégorie : candidats à un emploi public
- Nombre : ${least}${subjects}, dont ${erased} effacée(s) depuis (comptée(s), mais plus joignable(s))

## 5. Données concernées

- Nombre d'enregistrements (accès constatés) : ${least}${entries}
- Données sensibles : ${everything > 0 || isSensitive(fields) ? 'oui' : least === '' ? 'non' : '[non selon le journal : à apprécier]'}${everything > 0 ? `\n- Ensemble des données conservées : ${least}${everything} personne(s)` : ''}
${categories.join('\n')}

${least === '' ? 'Ces nombres sont exacts' : 'Ces nombres sont un minimum'} : ils proviennent du journal signé${checkpoint === null ? '' : `, examiné jusqu'à sa ${checkpoint.size}e entrée`}. Chaque accès en fournit la preuve.${lacking.map(({ fr }) => `\n\n${fr}`).join('')}

## 6. Mesures de sécurité antérieures à la violation

- Données chiffrées champ par champ, une clé par personne ; second facteur obligatoire ; quotas de communication ; journal infalsifiable
- [à compléter]

## 7. Conséquences probables

- [usurpation d'identité, hameçonnage ciblé, divulgation d'une recherche d'emploi : à apprécier]
- Gravité estimée : [négligeable / limitée / importante / maximale]

## 8. Mesures prises ou proposées

${measuresInWords(measures, 'fr')}
- [à compléter]

## 9. Communication aux personnes concernées (article 34)

- Personnes informées à ce jour : ${told} sur ${subjects - erased} encore inscrite(s), par courriel${line(waiting, `Courriels en cours d'envoi : ${waiting}`)}${line(unreached, `Courriel refusé : ${unreached} personne(s) [comment elles sont informées autrement : à compléter]`)}
- [si elles ne le sont pas : motifs]

## 10. Autres démarches

- Plainte, ANSSI, autres autorités, traitement transfrontalier : [à compléter]
`;
}

function inEnglish({ impact, measures, contact, now }: NotificationFacts): string {
  const { incident, subjects, erased, told, entries, fields, everything, checkpoint } = impact;
  const { waiting, unreached } = impact;
  const due = deadlineOf(impact);
  const lacking = whyLowerBound(incident.criteria, impact);
  const least = lacking.length === 0 ? '' : 'at least ';
  const categories = byCategory(fields).map(
    ({ category, fields: named }) =>
      `- ${category.en}\n${named.map(({ field, subjects: count }) => `  - \`${field}\`: ${least}${count} people`).join('\n')}`,
  );
  return `# Notification of a personal data breach

Draft of ${moment(now, '')} for the supervisory authority (GDPR article 33). Square brackets are to be filled in.

## 1. Kind of notification

- [initial / complementary / complete]
- Incident: ${incident.id}, “${incident.title}”
- End of the 72 hours: ${moment(due, '')}${now > due ? '\n- The time is over. Reasons for the delay (article 33(1)): [to be filled in]' : ''}

## 2. Controller

- Organisation: [name, register number, address]
- Data protection officer or contact point: ${contact}

## 3. Breach

- Began: ${moment(impact.first, '[no access found]')}
- Ended: ${moment(impact.last, '[no access found]')} ${incident.closedAt === null ? '(incident open)' : '(incident closed)'}
- Noticed: ${incident.noticedAt}
- How it was discovered: [to be filled in]
- Nature: loss of confidentiality [of integrity, of availability: to be filled in]
- Origin: [internal or external, malicious or accidental]

## 4. People concerned

- Category: candidates for public employment
- Number: ${least}${subjects}, of whom ${erased} erased since (counted, and not to be reached any more)

## 5. Data concerned

- Records (accesses found): ${least}${entries}
- Sensitive data: ${everything > 0 || isSensitive(fields) ? 'yes' : least === '' ? 'no' : '[no by the ledger: to be assessed]'}${everything > 0 ? `\n- All that is held: ${least}${everything} people` : ''}
${categories.join('\n')}

${least === '' ? 'These numbers are exact' : 'These numbers are a minimum'}: they come from the signed ledger${checkpoint === null ? '' : `, looked through up to its ${checkpoint.size} entries`}. There is a proof for each access.${lacking.map(({ en }) => `\n\n${en}`).join('')}

## 6. Security measures before the breach

- Data encrypted field by field, a key for each person; mandatory second factor; disclosure budgets; tamper-evident ledger
- [to be filled in]

## 7. Likely consequences

- [identity theft, targeted phishing, disclosure of a search for work: to be assessed]
- Severity: [negligible / limited / significant / maximal]

## 8. Measures taken or proposed

${measuresInWords(measures, 'en')}
- [to be filled in]

## 9. Communication to the people concerned (article 34)

- Told so far: ${told} of ${subjects - erased} who are still registered, by e-mail${line(waiting, `Letters on their way: ${waiting}`)}${line(unreached, `E-mail refused: ${unreached} people [how they are told otherwise: to be filled in]`)}
- [where they are not: why]

## 10. Other steps

- Complaint, national cybersecurity agency, other authorities, cross-border processing: [to be filled in]
`;
}

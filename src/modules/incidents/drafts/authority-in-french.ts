import type { FilledNotification } from './filled-notification.js';
import { measuresInWords } from './measures-in-words.js';

/** As it is typed; `typeset` sets it. */
export function notificationInFrench(filled: FilledNotification): string {
  const { impact, measures, contact, lacking, erasedTold, conclusion } = filled;
  const { incident, subjects, erased, told, waiting, unreached, records, entries, everything, checkpoint } =
    impact;
  const least = lacking.length === 0 ? '' : 'au moins ';
  const categories = filled.categories.map(
    ({ category, parts }) =>
      `- ${category.fr}\n${parts.map(({ words, subjects: count }) => `  - ${words.fr} : ${least}${count} personne(s)`).join('\n')}`,
  );
  return `# Notification d'une violation de données à caractère personnel

Projet établi ${filled.drafted.fr} pour la CNIL (article 33 du RGPD). Les crochets sont à compléter. Les heures sont celles de Paris.

## 1. Nature de la notification

- [initiale / complémentaire / complète]
- Incident : ${incident.id}, « ${filled.title} »
- Fin des 72 heures : ${filled.due.fr}${filled.isPastDue ? PAST_DUE : ''}

## 2. Responsable du traitement

- Organisme : [dénomination, SIREN, adresse]
- Délégué à la protection des données ou point de contact : ${contact}

## 3. Violation

- Début (premier accès constaté) : ${filled.first?.fr ?? NO_ACCESS}
- Fin : ${endOf(filled)}
- Dernier accès constaté : ${filled.last?.fr ?? NO_ACCESS}
- Prise de connaissance : ${filled.noticed.fr}
- Circonstances de la découverte : [à compléter]
- Organismes dont les accès sont en cause : ${agenciesOf(filled)}
- Nature : perte de confidentialité [perte d'intégrité, de disponibilité : à compléter]
- Origine : [acte interne ou externe, malveillant ou accidentel]

## 4. Personnes concernées

- Catégorie : candidats à un emploi public
- Nombre : ${least}${subjects}, dont ${erased} effacée(s) depuis (comptée(s), mais plus joignable(s))

## 5. Données concernées

- Nombre d'enregistrements (un par personne et par accès) : ${least}${records}
- Nombre d'accès constatés : ${least}${entries}
- Données sensibles : ${sensitiveOf(filled)}${everything > 0 ? `\n- Ensemble des données conservées : ${least}${everything} personne(s), comprise(s) dans chaque ligne ci-dessous` : ''}
${categories.join('\n')}

${least === '' ? 'Ces nombres' : 'Ces nombres sont un minimum : ils'} proviennent du journal signé${checkpoint === null ? '' : `, examiné jusqu'à sa ${checkpoint.size}e entrée`}. Chaque accès en fournit la preuve. Le journal note les rubriques que les règles permettaient de communiquer et qui ont été ouvertes, que chaque personne les ait remplies ou non.${lacking.map(({ fr }) => `\n\n${fr}`).join('')}

## 6. Mesures de sécurité antérieures à la violation

- Données chiffrées champ par champ, une clé par personne ; second facteur obligatoire ; quotas de communication ; journal infalsifiable
- [à compléter]

## 7. Conséquences probables

- [usurpation d'identité, hameçonnage ciblé, divulgation d'une recherche d'emploi : à apprécier]
- Gravité estimée : [négligeable / limitée / importante / maximale]

## 8. Mesures prises ou proposées

${measuresInWords(measures, 'fr')}
- [à compléter]${conclusion === null ? '' : `\n- Conclusion de l'incident : ${conclusion}`}

## 9. Communication aux personnes concernées (article 34)

- Personnes informées à ce jour, par courriel : ${told + erasedTold}${erasedTold === 0 ? '' : `, dont ${erasedTold} effacée(s) depuis`} ; personnes concernées encore inscrites : ${subjects - erased}${lettersOf(filled)}${line(waiting, `Courriels en cours d'envoi : ${waiting}`)}${line(unreached, `Courriel refusé : ${unreached} personne(s) [comment elles sont informées autrement : à compléter]`)}
- [si elles ne le sont pas : motifs]

## 10. Autres démarches

- Plainte, ANSSI, autres autorités, traitement transfrontalier : [à compléter]
`;
}

const NO_ACCESS = '[aucun accès constaté]';
const PAST_DUE =
  ' (passée à la date de ce projet)\n- Notification complémentaire : date de la notification initiale [à compléter]\n- Notification initiale hors délai : motifs du retard (article 33, paragraphe 1) [à compléter]';

const line = (count: number, text: string): string => (count === 0 ? '' : `\n- ${text}`);

function endOf({ spanEnd, closed, last }: FilledNotification): string {
  if (spanEnd !== null) return `${spanEnd.fr} (fin de la période retenue)`;
  if (closed === null) return "[en cours : l'incident est ouvert ; date à compléter dès qu'elle est connue]";
  return `${last?.fr ?? NO_ACCESS} (dernier accès constaté ; incident clos ${closed.fr})`;
}

function agenciesOf({ agencies }: FilledNotification): string {
  if (agencies.length === 0) return '[aucun selon le journal : à compléter]';
  return agencies
    .map(({ name, clients }) =>
      clients.length === 0 ? name : `${name} (logiciel(s) client(s) ${clients.join(', ')})`,
    )
    .join(' ; ');
}

function sensitiveOf({ sensitivity, lacking }: FilledNotification): string {
  if (sensitivity === 'yes') return 'oui';
  if (sensitivity === 'possible')
    return '[pas par nature, mais les textes libres et les documents peuvent en contenir : à apprécier]';
  return lacking.length === 0 ? 'non' : '[non selon le journal : à apprécier]';
}

function lettersOf({ firstLetter, lastLetter }: FilledNotification): string {
  if (firstLetter === null || lastLetter === null) return '';
  return firstLetter.fr === lastLetter.fr
    ? `\n- Courriels rédigés ${firstLetter.fr}`
    : `\n- Premier courriel rédigé ${firstLetter.fr}, dernier ${lastLetter.fr}`;
}

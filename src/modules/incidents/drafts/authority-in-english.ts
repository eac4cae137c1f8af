import type { FilledNotification } from './filled-notification.js';
import { measuresInWords } from './measures-in-words.js';

export function notificationInEnglish(filled: FilledNotification): string {
  const { impact, measures, contact, lacking, erasedTold, conclusion } = filled;
  const { incident, subjects, erased, told, waiting, unreached, records, entries, everything, checkpoint } =
    impact;
  const least = lacking.length === 0 ? '' : 'at least ';
  const categories = filled.categories.map(
    ({ category, parts }) =>
      `- ${category.en}\n${parts.map(({ words, subjects: count }) => `  - ${words.en}: ${least}${count} people`).join('\n')}`,
  );
  return `# Notification of a personal data breach

Drafted ${filled.drafted.en} for the supervisory authority (GDPR article 33). Square brackets are to be filled in.

## 1. Kind of notification

- [initial / complementary / complete]
- Incident: ${incident.id}, “${filled.title}”
- End of the 72 hours: ${filled.due.en}${filled.isPastDue ? PAST_DUE : ''}

## 2. Controller

- Organisation: [name, register number, address]
- Data protection officer or contact point: ${contact}

## 3. Breach

- Began (first access found): ${filled.first?.en ?? NO_ACCESS}
- Ended: ${endOf(filled)}
- Last access found: ${filled.last?.en ?? NO_ACCESS}
- Noticed: ${filled.noticed.en}
- How it was discovered: [to be filled in]
- Agencies whose accesses are in question: ${agenciesOf(filled)}
- Nature: loss of confidentiality [of integrity, of availability: to be filled in]
- Origin: [internal or external, malicious or accidental]

## 4. People concerned

- Category: candidates for public employment
- Number: ${least}${subjects}, of whom ${erased} erased since (counted, and not to be reached any more)

## 5. Data concerned

- Records (one for each person and access): ${least}${records}
- Accesses found: ${least}${entries}
- Sensitive data: ${sensitiveOf(filled)}${everything > 0 ? `\n- All that is held: ${least}${everything} people, who are in each line below` : ''}
${categories.join('\n')}

These numbers ${least === '' ? 'come' : 'are a minimum: they come'} from the signed ledger${checkpoint === null ? '' : `, looked through up to its ${checkpoint.size} entries`}. There is a proof for each access. The ledger notes the fields that the rules released and that were opened, whether or not each person had filled them in.${lacking.map(({ en }) => `\n\n${en}`).join('')}

## 6. Security measures before the breach

- Data encrypted field by field, a key for each person; mandatory second factor; disclosure budgets; tamper-evident ledger
- [to be filled in]

## 7. Likely consequences

- [identity theft, targeted phishing, disclosure of a search for work: to be assessed]
- Severity: [negligible / limited / significant / maximal]

## 8. Measures taken or proposed

${measuresInWords(measures, 'en')}
- [to be filled in]${conclusion === null ? '' : `\n- Conclusion of the incident: ${conclusion}`}

## 9. Communication to the people concerned (article 34)

- Told so far, by e-mail: ${told + erasedTold}${erasedTold === 0 ? '' : `, of whom ${erasedTold} erased since`}; people concerned who are still registered: ${subjects - erased}${lettersOf(filled)}${line(waiting, `Letters on their way: ${waiting}`)}${line(unreached, `E-mail refused: ${unreached} people [how they are told otherwise: to be filled in]`)}
- [where they are not: why]

## 10. Other steps

- Complaint, national cybersecurity agency, other authorities, cross-border processing: [to be filled in]
`;
}

const NO_ACCESS = '[no access found]';
const PAST_DUE =
  ' (past when this was drafted)\n- Complementary notification: date of the initial one [to be filled in]\n- Initial notification after the time: reasons for the delay (article 33(1)) [to be filled in]';

const line = (count: number, text: string): string => (count === 0 ? '' : `\n- ${text}`);

function endOf({ spanEnd, closed, last }: FilledNotification): string {
  if (spanEnd !== null) return `${spanEnd.en} (end of the span of time that is looked at)`;
  if (closed === null) return '[ongoing: the incident is open; date to be filled in once it is known]';
  return `${last?.en ?? NO_ACCESS} (last access found; incident closed ${closed.en})`;
}

function agenciesOf({ agencies }: FilledNotification): string {
  if (agencies.length === 0) return '[none by the ledger: to be filled in]';
  return agencies
    .map(({ name, clients }) => (clients.length === 0 ? name : `${name} (client ${clients.join(', ')})`))
    .join('; ');
}

function sensitiveOf({ sensitivity, lacking }: FilledNotification): string {
  if (sensitivity === 'yes') return 'yes';
  if (sensitivity === 'possible')
    return '[not by its nature, but free texts and documents may hold some: to be assessed]';
  return lacking.length === 0 ? 'no' : '[no by the ledger: to be assessed]';
}

function lettersOf({ firstLetter, lastLetter }: FilledNotification): string {
  if (firstLetter === null || lastLetter === null) return '';
  return firstLetter.en === lastLetter.en
    ? `\n- Letters written ${firstLetter.en}`
    : `\n- First letter written ${firstLetter.en}, last ${lastLetter.en}`;
}

import type { Bilingual } from '../../kernel/errors.js';
import { type Rule, RULES } from './rules.js';

const SENTENCES: Readonly<Record<Rule, (count: number) => Bilingual>> = {
  rate: (count) => ({
    en: `It was shown ${count} different candidates within an hour, far more than what it has read so far, if anything, would suggest.`,
    fr: `${count} candidats différents lui ont été communiqués en une heure, bien plus que ses lectures passées, s'il y en a, ne le laissaient attendre.`,
  }),
  day: (count) => ({
    en: `It was shown ${count} different candidates within 24 hours, far more than on any other day.`,
    fr: `${count} candidats différents lui ont été communiqués en 24 heures, bien plus que tout autre jour.`,
  }),
  week: (count) => ({
    en: `It was shown ${count} different candidates within seven days, far more than in its usual weeks.`,
    fr: `${count} candidats différents lui ont été communiqués en sept jours, bien plus que lors de ses semaines habituelles.`,
  }),
  hours: (count) => ({
    en: `It was shown ${count} candidates at a time at which it never reads.`,
    fr: `${count} candidats lui ont été communiqués à une heure où il ne lit jamais.`,
  }),
  misses: (count) => ({
    en: `It asked for ${count} ids within an hour that are not its agency's, as whoever tries ids out does.`,
    fr: `Il a demandé en une heure ${count} identifiants qui ne sont pas ceux de son organisme, comme en les essayant.`,
  }),
  refusals: (count) => ({
    en: `It was refused ${count} times within an hour for a purpose or fields that are not allowed.`,
    fr: `${count} lectures lui ont été refusées en une heure pour une finalité ou des données non permises.`,
  }),
  pages: (count) => ({
    en: `It asked for ${count} pages of lists within an hour, as whoever takes everything along does.`,
    fr: `Il a demandé ${count} pages de listes en une heure, comme pour tout emporter.`,
  }),
  order: (count) => ({
    en: `It read ${count} applications one after the other in the order of the list.`,
    fr: `Il a lu ${count} candidatures à la suite, dans l'ordre de la liste.`,
  }),
  readers: (count) => ({
    en: `It was shown a candidate whom ${count} clients have read within a day.`,
    fr: `Un candidat qui lui a été communiqué a été lu par ${count} clients en un jour.`,
  }),
};

/** Why an access was unusual, in one sentence. @returns `undefined` for the reason of something else */
export function explainUnusual(reason: string | null, count: number): Bilingual | undefined {
  const rule = RULES.find((known) => `unusual_${known}` === reason);
  return rule === undefined ? undefined : SENTENCES[rule](count);
}

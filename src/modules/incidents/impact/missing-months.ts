import type { Bilingual } from '../../../kernel/errors.js';

/** That a question reaches back to months whose contents were dropped. @param keptFrom a month's first moment */
export function missingBefore(keptFrom: Date): Bilingual {
  const month = keptFrom.toISOString().slice(0, 'YYYY-MM'.length);
  return {
    en: `Contents of the months before ${month} are no longer kept; who was read then can no longer be named.`,
    fr: `Le contenu des mois antérieurs à ${month} n'est plus conservé ; qui a été lu alors ne peut plus être nommé.`,
  };
}

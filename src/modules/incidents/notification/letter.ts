import type { Bilingual } from '../../../kernel/errors.js';
import { fieldsInWords, momentInWords } from '../../candidates/index.js';
import type { IncidentNotice } from '../../identity/index.js';
import type { IncidentId } from '../incident.js';

/** What a letter to one of those affected is made of (GDPR article 34). */
export interface LetterFacts {
  readonly incident: IncidentId;
  /** Whether its reader was told of less before. */
  readonly isFurther: boolean;
  /** None where all that is held was given. */
  readonly fields: readonly string[];
  /** Whether more of them than the ledger says may have been seen. */
  readonly isLowerBound: boolean;
  readonly first: Date;
  readonly last: Date;
  readonly isCutOff: boolean;
  readonly areKeysRenewed: boolean;
  /** How the data protection officer is reached. */
  readonly contact: string;
}

const EVERYTHING: Bilingual = {
  en: 'everything that is held about you',
  fr: 'tout ce qui est conservé à votre sujet',
};

const AT_LEAST: Bilingual = { en: 'at least ', fr: 'au moins ' };

/** The mail that is sent, and the draft that is looked at before: one text. */
export function letterOf({
  incident,
  isFurther,
  fields,
  isLowerBound,
  first,
  last,
  isCutOff,
  areKeysRenewed,
  contact,
}: LetterFacts): IncidentNotice {
  const named = {
    en: fieldsInWords(fields, 'en', 'several'),
    fr: fieldsInWords(fields, 'fr', 'several'),
  };
  const least = { en: AT_LEAST.en + named.en, fr: AT_LEAST.fr + named.fr };
  const what = fields.length === 0 ? EVERYTHING : isLowerBound ? least : named;
  return {
    kind: 'data_exposed',
    isFurther,
    reference: incident,
    what,
    when: spanInWords(first, last),
    isCutOff,
    areKeysRenewed,
    contact,
  };
}

function spanInWords(first: Date, last: Date): Bilingual {
  const [begin, end] = [momentInWords(first), momentInWords(last)];
  if (begin.en === end.en) return begin;
  const without = (text: string): string => text.replace(/^on /, '');
  return {
    en: `between ${without(begin.en)} and ${without(end.en)}`,
    fr: `entre ${begin.fr} et ${end.fr}`,
  };
}

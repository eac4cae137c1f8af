import type { Bilingual } from '../../../kernel/errors.js';
import { momentInWords } from '../../candidates/index.js';
import type { MeasuresTaken } from '../containment/measures.js';
import type { ImpactTotal } from '../impact/impact.js';
import { whyLowerBound } from '../impact/lower-bound.js';
import type { AccessingAgency } from './accessing-agencies.js';
import { byCategory, type CategoryCount, type Sensitivity, sensitivityOf } from './field-categories.js';

const HOUR_MS = 3_600_000;
/** GDPR article 33(1). */
const DEADLINE_HOURS = 72;

/** What a draft is made of. */
export interface NotificationFacts {
  readonly impact: ImpactTotal;
  readonly measures: MeasuresTaken;
  readonly agencies: readonly AccessingAgency[];
  /** When the first and the last letter were written; `undefined` without any. */
  readonly letters: { readonly first: Date; readonly last: Date } | undefined;
  /** How the data protection officer is reached. */
  readonly contact: string;
  readonly now: Date;
}

/** The facts as both languages tell them. */
export interface FilledNotification extends Omit<NotificationFacts, 'now'> {
  readonly title: string;
  readonly conclusion: string | null;
  readonly drafted: Bilingual;
  readonly noticed: Bilingual;
  /** When the 72 hours end, and whether that is past. */
  readonly due: Bilingual;
  readonly isPastDue: boolean;
  /** `null` without any access. */
  readonly first: Bilingual | null;
  readonly last: Bilingual | null;
  /** When the span of time that the criteria name was over; `null` where it is not, or has no end. */
  readonly spanEnd: Bilingual | null;
  readonly closed: Bilingual | null;
  readonly categories: readonly CategoryCount[];
  readonly sensitivity: Sensitivity;
  /** Why the numbers are a minimum; none where they are not. */
  readonly lacking: readonly Bilingual[];
  /** Of those told, how many are erased since. */
  readonly erasedTold: number;
  readonly firstLetter: Bilingual | null;
  readonly lastLetter: Bilingual | null;
}

/** @param facts as they are at their moment `now` */
export function filledOf({ now, ...facts }: NotificationFacts): FilledNotification {
  const { impact, letters } = facts;
  const { incident, parts } = impact;
  const due = new Date(Date.parse(incident.noticedAt) + DEADLINE_HOURS * HOUR_MS);
  const { to } = incident.criteria;
  const end = to === undefined ? null : new Date(to);
  return {
    ...facts,
    title: onOneLine(incident.title),
    conclusion: incident.conclusion === null ? null : onOneLine(incident.conclusion),
    drafted: momentInWords(now),
    noticed: momentInWords(new Date(incident.noticedAt)),
    due: momentInWords(due),
    isPastDue: now > due,
    first: inWords(impact.first),
    last: inWords(impact.last),
    spanEnd: end !== null && end <= now ? momentInWords(end) : null,
    closed: inWords(incident.closedAt),
    categories: byCategory(parts),
    sensitivity: sensitivityOf(parts),
    lacking: whyLowerBound(incident.criteria, impact),
    erasedTold: incident.erasedTold?.people ?? 0,
    firstLetter: inWords(letters?.first ?? null),
    lastLetter: inWords(letters?.last ?? null),
  };
}

const inWords = (at: Date | null): Bilingual | null => (at === null ? null : momentInWords(at));

/** Somebody's words, which make no line of their own. */
const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

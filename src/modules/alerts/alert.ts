import type { AlertLevel, EntrySummary } from '../../ledger/index.js';
import { explainUnusual } from '../unusual-access/index.js';
import { describeAction, isAction, VOCABULARY } from '../../ledger/index.js';
import type { Locale } from '../../kernel/context.js';
import type { Bilingual } from '../../kernel/errors.js';

/** An entry of the ledger that operators are told of: codes and ids of organisations, and nobody's. */
export interface Alert {
  readonly entryId: string;
  readonly index: number;
  readonly at: Date;
  readonly action: string;
  readonly level: AlertLevel;
  readonly outcome: string;
  readonly actorKind: string;
  readonly reason: string | null;
  readonly count: number;
  readonly agencyId: string | null;
  readonly clientId: string | null;
}

export function alertOf(entry: EntrySummary): Alert {
  const level = (isAction(entry.action) ? VOCABULARY[entry.action].alert : undefined) ?? 'warning';
  const { id: entryId, index, at, action, outcome, actorKind, reason, count, agencyId } = entry;
  // What is said of a client is not its own doing.
  const clientId = entry.resourceType === 'client' ? entry.resourceId : entry.clientId;
  return { entryId, index, at, action, level, outcome, actorKind, reason, count, agencyId, clientId };
}

/** Why, or of how many, in one sentence; `undefined` where the action says it all. */
export function explainAlert({
  action,
  reason,
  count,
}: Pick<Alert, 'action' | 'reason' | 'count'>): Bilingual | undefined {
  if (action !== 'mail.undeliverable') return explainUnusual(reason, count);
  return {
    en: `${count} of them since the last alert of this kind; the worker's log has the id of each.`,
    fr: `${count} depuis la dernière alerte de ce type ; les traces du worker donnent l'identifiant de chacun.`,
  };
}

const LEVELS: Readonly<Record<AlertLevel, Readonly<Record<Locale, string>>>> = {
  critical: { en: 'CRITICAL', fr: 'CRITIQUE' },
  warning: { en: 'warning', fr: 'avertissement' },
};
const WHO: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  candidate: { en: 'a candidate', fr: 'un candidat' },
  agency: { en: 'an agency', fr: 'un organisme' },
  auditor: { en: 'an auditor', fr: 'un auditeur' },
  operator: { en: 'an operator', fr: 'un opérateur' },
  system: { en: 'the service itself', fr: 'le service lui-même' },
};
const SOMEBODY: Readonly<Record<Locale, string>> = { en: 'somebody', fr: 'quelqu’un' };

/** What has happened, in one sentence. */
export function alertSentence({ action, actorKind, level, reason, count }: Alert, locale: Locale): string {
  const why = explainAlert({ action, reason, count });
  const because = reason === null ? '' : ` (${reason})`;
  const who = (WHO[actorKind] ?? SOMEBODY)[locale];
  const colon = locale === 'fr' ? ' :' : ':';
  return `${LEVELS[level][locale]}${colon} ${who} ${describeAction(action, locale)}${because}${why === undefined ? '' : `. ${why[locale]}`}`;
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Locale, RequestContext } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import { Ledger, LedgerReader } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { textOf } from '../../identity/index.js';
import { Measures } from '../containment/measures.js';
import { Impact } from '../impact/impact.js';
import { whyLowerBound } from '../impact/lower-bound.js';
import type { IncidentId } from '../incident.js';
import { letterOf } from '../notification/letter.js';
import { LetterStates } from '../notification/letter-states.js';
import { AccessingAgencies } from './accessing-agencies.js';
import { affectedCsv } from './affected-csv.js';
import { authorityNotification } from './authority-notification.js';

export const DRAFTS = ['authority', 'letter'] as const;
/** `authority`: the notification to CNIL (GDPR article 33); `letter`: to those affected (article 34). */
export type Draft = (typeof DRAFTS)[number];

/** In the place of a letter that has no reader. */
const NOBODY: Bilingual = {
  en: 'Nobody is affected by what the ledger says of this incident so far: there is nobody to write to.',
  fr: 'À ce jour, le journal ne fait apparaître aucune personne concernée par cet incident : il n’y a personne à qui écrire.',
};

/** What leaves of an incident as a file. Each is an entry of the ledger. */
@Injectable()
export class IncidentDocuments {
  readonly #impact: Impact;
  readonly #measures: Measures;
  readonly #letters: LetterStates;
  readonly #agencies: AccessingAgencies;
  readonly #ledger: Ledger;
  readonly #reader: LedgerReader;
  readonly #clock: Clock;
  readonly #contact: string;

  constructor(
    impact: Impact,
    measures: Measures,
    letters: LetterStates,
    agencies: AccessingAgencies,
    ledger: Ledger,
    reader: LedgerReader,
    clock: Clock,
    settings: Settings,
  ) {
    this.#impact = impact;
    this.#measures = measures;
    this.#letters = letters;
    this.#agencies = agencies;
    this.#ledger = ledger;
    this.#reader = reader;
    this.#clock = clock;
    this.#contact = settings.dataProtectionContact;
  }

  /** The people affected, by pseudonym. @throws Failure `not_found`; `conflict` for a record that does not stand */
  async affected(context: RequestContext, id: IncidentId): Promise<string> {
    const { incident, filter } = await this.#impact.question(context, id);
    const { affected, ...rest } = await this.#impact.everybody(filter);
    await this.#record(context, id, 'affected_csv', affected.length);
    const people = affected.filter(({ isCanary }) => !isCanary);
    const lacking = whyLowerBound(incident.criteria, rest);
    return affectedCsv(await this.#letters.with(id, people), lacking);
  }

  /** Markdown. @throws as `affected` */
  async draft(context: RequestContext, id: IncidentId, draft: Draft, locale: Locale): Promise<string> {
    const impact = await this.#impact.total(context, id);
    const { incident, filter } = await this.#impact.question(context, id);
    const measures = await this.#measures.taken(context, incident, filter);
    await this.#record(context, id, `${draft}_draft`, impact.subjects + impact.canaries);
    const contact = this.#contact;
    const now = this.#clock.now();
    if (draft === 'authority') {
      const agencies = await this.#agencies.of(incident.criteria, filter);
      const letters = await this.#reader.spanOf('incident.notified', id);
      return authorityNotification({ impact, measures, agencies, letters, contact, now }, locale);
    }
    const { subjects, fields, everything, first, last } = impact;
    const lacking = whyLowerBound(incident.criteria, impact);
    if (subjects === 0) return `${[NOBODY, ...lacking].map((text) => text[locale]).join(' ')}\n`;
    const { subject, text } = textOf(
      letterOf({
        incident: id,
        isFurther: false,
        fields: everything > 0 ? [] : fields.map(({ field }) => field),
        isLowerBound: lacking.length > 0,
        first: first ?? now,
        last: last ?? now,
        isCutOff: measures.isCutOff,
        areKeysRenewed: measures.areKeysRenewed,
        contact,
      }),
      locale,
    );
    return `# ${subject}\n\n${text}`;
  }

  async #record(context: RequestContext, resource: IncidentId, reason: string, count: number): Promise<void> {
    await this.#ledger.append({ action: 'incident.exported', context, resource, reason, count }, 'staged');
  }
}

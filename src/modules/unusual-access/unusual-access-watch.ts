import { Injectable } from '@nestjs/common';
import { type ClientReading, ReadingHistory } from '../../disclosure/index.js';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { type AgencyId, newId, parseId } from '../../kernel/ids.js';
import { type ClientEntry, type EntrySummary, Ledger, LedgerReader } from '../../ledger/index.js';
import { Settings, type UnusualAccessSettings } from '../../platform/config/settings.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { type Behaviour, type Finding, unusual } from './rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of a day; with more there is nothing unusual left to be told. */
const MOST_ALERTS = 1_000;
const READINGS = ['application.disclosed', 'document.disclosed', 'application.listed'] as const;

/**
 * Every minute the worker looks at what clients have done in the running hour, by the ledger and their budgets, and in
 * the one before: what is done just before it ends has been seen by no look yet.
 */
@Injectable()
export class UnusualAccessWatch {
  readonly #thresholds: UnusualAccessSettings;
  readonly #reader: LedgerReader;
  readonly #history: ReadingHistory;
  readonly #ledger: Ledger;
  readonly #rounds: Rounds;
  readonly #clock: Clock;

  constructor(
    { unusualAccess }: Settings,
    reader: LedgerReader,
    history: ReadingHistory,
    ledger: Ledger,
    rounds: Rounds,
    clock: Clock,
  ) {
    this.#thresholds = unusualAccess;
    this.#reader = reader;
    this.#history = history;
    this.#ledger = ledger;
    this.#rounds = rounds;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    await this.#rounds.every('unusual_access', () => this.run());
  }

  /** Each finding is an alert once within a day. @throws Failure `ledger_unavailable` */
  async run(): Promise<void> {
    const now = this.#clock.now().getTime();
    const before = new Date(hourOf(now) - HOUR_MS);
    const hours = Map.groupBy(await this.#reader.ofClients(READINGS, before), ({ at }) =>
      hourOf(at.getTime()),
    );
    const alerts = await this.#reader.list(
      { action: 'access.unusual', from: new Date(now - DAY_MS) },
      MOST_ALERTS,
    );
    const told = new Set(alerts.map(({ resourceId, reason }) => `${resourceId} ${reason}`));
    for (const [hour, entries] of hours) await this.#judge(new Date(hour), entries, told);
  }

  /** @param told alerts within a day, to which those of this hour are added */
  async #judge(hour: Date, entries: readonly ClientEntry[], told: Set<string>): Promise<void> {
    const clients = Map.groupBy(entries, ({ clientId }) => clientId ?? '');
    for (const reading of await this.#history.read([...clients.keys()], hour)) {
      const done = clients.get(reading.clientId) ?? [];
      for (const finding of unusual(behaviourOf(hour, reading, done), this.#thresholds)) {
        const alert = `${reading.clientId} ${reasonOf(finding)}`;
        if (told.has(alert)) continue;
        await this.#alert(reading, done, finding);
        told.add(alert);
      }
    }
  }

  async #alert(
    { clientId }: ClientReading,
    readings: readonly EntrySummary[],
    finding: Finding,
  ): Promise<void> {
    const agency = parseId<AgencyId>(readings.at(-1)?.agencyId ?? '');
    const actor: SystemActor = { kind: 'system', name: 'unusual-access' };
    const requestId = newId<'request'>(this.#clock.now().getTime());
    const context: RequestContext = { requestId, actor, locale: 'fr', address: '127.0.0.1' };
    const about = { resource: clientId, ...(agency === undefined ? {} : { agency }) };
    const { count } = finding;
    await this.#ledger.append(
      { action: 'access.unusual', context, ...about, reason: reasonOf(finding), count },
      'sequenced',
    );
  }
}

const hourOf = (moment: number): number => Math.floor(moment / HOUR_MS) * HOUR_MS;

const reasonOf = ({ rule }: Finding): string => `unusual_${rule}`;

function behaviourOf(
  hour: Date,
  { shown, readers }: ClientReading,
  entries: readonly ClientEntry[],
): Behaviour {
  const of = (outcome: string) => entries.filter((entry) => entry.outcome === outcome);
  const refused = of('refused');
  const missed = refused.filter(({ reason }) => reason === 'not_found' || reason === 'not_owner');
  const sum = (some: readonly EntrySummary[]) =>
    some.reduce((total, { count }) => total + Math.max(1, count), 0);
  const read = of('allowed').filter(({ action }) => action !== 'application.listed');
  return {
    hour,
    shown,
    readers,
    misses: sum(missed),
    refusals: sum(refused) - sum(missed),
    pagesListed: of('allowed').filter(({ action }) => action === 'application.listed').length,
    read: read.flatMap(({ application }) => application ?? []),
  };
}

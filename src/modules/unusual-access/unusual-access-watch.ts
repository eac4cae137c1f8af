import { Injectable } from '@nestjs/common';
import { type ClientReading, ReadingHistory } from '../../disclosure/index.js';
import { Clock } from '../../kernel/clock.js';
import { type AgencyId, parseId } from '../../kernel/ids.js';
import { ownContext } from '../../kernel/own-context.js';
import { type ClientEntry, type EntrySummary, Ledger, LedgerReader } from '../../ledger/index.js';
import { Settings, type UnusualAccessSettings } from '../../platform/config/settings.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { type Behaviour, type Finding, RULES, silenceAfter, unusual } from './rules.js';

const HOUR_MS = 3_600_000;
/** With more there is nothing unusual left to be told. */
const MOST_ALERTS = 1_000;
const READINGS = ['application.disclosed', 'document.disclosed', 'application.listed'] as const;

/**
 * Every minute the worker looks at what clients have done within sixty minutes, by the ledger and their budgets, and
 * within the sixty before, which nobody has looked at when it did not run.
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
    await this.#rounds.every(1, 'unusual_access', () => this.run());
  }

  /** A finding is an alert once within the time that its rule counts, a day at least. @throws Failure `ledger_unavailable` */
  async run(): Promise<void> {
    const now = this.#clock.now().getTime();
    const entries = await this.#reader.ofClients(READINGS, new Date(now - 2 * HOUR_MS));
    const told = await this.#toldBy(now);
    for (const end of [now - HOUR_MS, now]) {
      const within = entries.filter(({ at }) => at.getTime() > end - HOUR_MS && at.getTime() <= end);
      await this.#judge(new Date(end), within, told);
    }
  }

  /** Client and reason of what is not told again yet. */
  async #toldBy(now: number): Promise<Set<string>> {
    const from = new Date(now - Math.max(...RULES.map(silenceAfter)));
    const alerts = await this.#reader.list({ action: 'access.unusual', from }, MOST_ALERTS);
    const silence = new Map<string | null, number>(
      RULES.map((rule) => [reasonOf({ rule }), silenceAfter(rule)]),
    );
    return new Set(
      alerts
        .filter(({ at, reason }) => at.getTime() >= now - (silence.get(reason) ?? 0))
        .map(({ resourceId, reason }) => `${resourceId} ${reason}`),
    );
  }

  /** @param told to which the alerts of this time are added */
  async #judge(at: Date, entries: readonly ClientEntry[], told: Set<string>): Promise<void> {
    const clients = Map.groupBy(entries, ({ clientId }) => clientId ?? '');
    for (const reading of await this.#history.read([...clients.keys()], at)) {
      const done = clients.get(reading.clientId) ?? [];
      for (const finding of unusual(behaviourOf(at, reading, done), this.#thresholds)) {
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
    const context = ownContext('unusual-access', this.#clock.now());
    const about = { resource: clientId, ...(agency === undefined ? {} : { agency }) };
    const { count } = finding;
    await this.#ledger.append(
      { action: 'access.unusual', context, ...about, reason: reasonOf(finding), count },
      'sequenced',
    );
  }
}

const reasonOf = ({ rule }: Pick<Finding, 'rule'>): string => `unusual_${rule}`;

function behaviourOf(at: Date, reading: ClientReading, entries: readonly ClientEntry[]): Behaviour {
  const of = (outcome: string) => entries.filter((entry) => entry.outcome === outcome);
  const refused = of('refused');
  const missed = refused.filter(({ reason }) => reason === 'not_found' || reason === 'not_owner');
  const sum = (some: readonly EntrySummary[]) =>
    some.reduce((total, { count }) => total + Math.max(1, count), 0);
  const read = of('allowed').filter(({ action }) => action !== 'application.listed');
  return {
    ...reading,
    at,
    misses: sum(missed),
    refusals: sum(refused) - sum(missed),
    pagesListed: of('allowed').filter(({ action }) => action === 'application.listed').length,
    read: read.flatMap(({ application }) => application ?? []),
  };
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { newId } from '../../../src/kernel/ids.js';
import { type EntryDraft, Ledger, LedgerReader, Sequencer, TreeReader } from '../../../src/ledger/index.js';
import { type Checkpoint, openNote, parseCheckpoint } from '../../../src/ledger/merkle/index.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { MovableClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startLedger } from '../../support/ledger-process.js';
import { testSettings } from '../../support/settings.js';

export const CONTEXT: RequestContext<AgencyActor> = {
  requestId: newId<'request'>(Date.now()),
  actor: {
    kind: 'agency',
    agencyId: newId<'agency'>(Date.now()),
    clientId: newId<'client'>(Date.now()),
    scopes: ['applications:read'],
  },
  locale: 'fr',
  address: '192.0.2.77',
};

/** An agency reads one candidate's application. */
export function reading(candidate = newId<'candidate'>(Date.now())): EntryDraft {
  return {
    action: 'application.disclosed',
    context: CONTEXT,
    purpose: 'review',
    resource: newId<'application'>(Date.now()),
    subjects: [{ candidate, fields: ['motivation', 'education'] }],
  };
}

const PATIENCE_MS = 20_000;
const POLL_MS = 20;
/** Far above the second that the ledger has, for a machine that does other things as well. */
const HANG_MS = 5_000;

/** Asks again until there is an answer. @throws Error when there is none for too long */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error('It does not come about.');
    await pause(POLL_MS);
  }
}

/** Fails by itself where a hang would otherwise only be met by the test's own limit. */
export function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It hangs.')), HANG_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** One process's worth of the ledger. */
export class LedgerProcess {
  readonly context: INestApplicationContext;
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly tree: TreeReader;
  readonly sequencer: Sequencer;

  constructor(context: INestApplicationContext) {
    this.context = context;
    this.ledger = context.get(Ledger);
    this.reader = context.get(LedgerReader);
    this.tree = context.get(TreeReader);
    this.sequencer = context.get(Sequencer);
  }

  /** @returns the ids of so many readings, asked for all at once */
  async append(times: number, acknowledgement: 'staged' | 'sequenced' = 'staged'): Promise<string[]> {
    const receipts = await Promise.all(
      Array.from({ length: times }, () => this.ledger.append(reading(), acknowledgement)),
    );
    return receipts.map((receipt) => receipt.entryId);
  }
}

/** A database and as many processes as a test starts, fresh for each test. */
export class LedgerFixture {
  home: string;
  database: TestDatabase;
  settings: Settings;
  readonly clock = new MovableClock();
  readonly #processes = new Set<LedgerProcess>();

  constructor() {
    beforeEach(async () => {
      this.home = await mkdtemp(join(tmpdir(), 'sceau-ledger-'));
      this.database = await createTestDatabase();
      const usual = testSettings(this.database, this.home, 0);
      // The limit of production: what these tests are about.
      this.settings = new Settings({ ...usual, ledger: { ...usual.ledger, timeoutMs: 1_000 } });
    });
    afterEach(async () => {
      await Promise.all([...this.#processes].map((process) => this.stop(process)));
      await this.database.drop();
      await rm(this.home, { recursive: true, force: true });
    });
  }

  async start(settings = this.settings): Promise<LedgerProcess> {
    const process = new LedgerProcess(await startLedger(settings, this.clock));
    this.#processes.add(process);
    return process;
  }

  async startSequencing(settings = this.settings): Promise<LedgerProcess> {
    const process = await this.start(settings);
    await process.sequencer.start();
    return process;
  }

  async stop(process: LedgerProcess): Promise<void> {
    this.#processes.delete(process);
    await process.context.close();
  }

  /** Entries of the tree with this action, once there are any. */
  recorded(action: string): Promise<readonly Record<string, unknown>[]> {
    return eventually(async () => {
      const rows = await this.database.query<{ entry: Record<string, unknown> }>(
        `SELECT convert_from(l.envelope, 'UTF8')::jsonb AS entry FROM audit.entry e
         JOIN audit.leaf l USING (leaf_index) WHERE e.action = $1 ORDER BY e.leaf_index`,
        [action],
      );
      return rows.length === 0 ? undefined : rows.map(({ entry }) => entry);
    });
  }

  /** Once nothing is staged any more. */
  async sequenced(): Promise<void> {
    await eventually(async () => {
      const rows = await this.database.query('SELECT 1 FROM audit.staging LIMIT 1');
      return rows.length === 0 ? true : undefined;
    });
  }

  /** The same settings for a load under which a slow machine takes more than a second. */
  get patientSettings(): Settings {
    return new Settings({ ...this.settings, ledger: { ...this.settings.ledger, timeoutMs: 20_000 } });
  }

  /** The same settings with other database addresses. */
  settingsWith(database: Partial<Settings['database']>): Settings {
    return new Settings({ ...this.settings, database: { ...this.settings.database, ...database } });
  }

  get stateDirectory(): string {
    return this.settings.ledger.stateDirectory;
  }

  /** What the installation's own key has signed. */
  async checkpoint(note: string): Promise<Checkpoint> {
    const verifier = await readFile(join(this.stateDirectory, 'checkpoint-key.vkey'), 'utf8');
    const checkpoint = parseCheckpoint(openNote(note, verifier.trim()) ?? '');
    if (checkpoint === undefined) throw new Error('The checkpoint is not signed.');
    return checkpoint;
  }
}

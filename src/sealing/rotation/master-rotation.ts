import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Settings } from '../../platform/config/settings.js';
import { KeyProvider } from '../providers/key-provider.js';
import { KeyJournal } from './key-journal.js';
import { MasterStore, type SupersededVersion } from './master-store.js';
import { RotationPool } from './rotation-pool.js';

const DAY_MS = 86_400_000;

/** What somebody has to say who destroys a version before its backups have expired. */
export const CONSENT = 'older backups of the key store may become unreadable';

/** Makes versions of the master key, and destroys those that wrap nothing any more. */
@Injectable()
export class MasterRotation {
  readonly #pool: RotationPool;
  readonly #provider: KeyProvider;
  readonly #store: MasterStore;
  readonly #journal: KeyJournal;
  readonly #clock: Clock;
  readonly #backupDays: number;

  constructor(
    pool: RotationPool,
    provider: KeyProvider,
    store: MasterStore,
    journal: KeyJournal,
    clock: Clock,
    settings: Settings,
  ) {
    this.#pool = pool;
    this.#provider = provider;
    this.#store = store;
    this.#journal = journal;
    this.#clock = clock;
    this.#backupDays = settings.keyring.backupDays;
  }

  /**
   * Makes a new version that wraps every new key at once. A rotation that was killed is finished, not repeated.
   * @returns the version that is current now
   * @throws Failure `conflict` while another rotation is at work, `keys_unavailable`, `ledger_unavailable`
   */
  rotate(context: RequestContext): Promise<number> {
    return this.#pool.exclusively(async () => {
      const { current } = await this.#provider.versions();
      const from = await this.#store.beginRotation(current, this.#clock.now());
      const version = current === from ? await this.#provider.rotate() : current;
      await this.#store.noteSuperseded([from], this.#clock.now());
      await this.#journal.record(context, { action: 'key.master_rotated', resource: `master:${version}` });
      await this.#store.endRotation();
      return version;
    });
  }

  /**
   * Destroys a version for good, once nothing is wrapped by it and no backup of the key store can need it.
   * Repeating it changes nothing; one that was killed is finished.
   * @param consent the sentence `CONSENT`, to destroy it before its backups have expired
   * @throws Failure `conflict` when it may not be destroyed, with the reason; `not_found` for a version there never was
   */
  retire(context: RequestContext, version: number, consent?: string): Promise<void> {
    return this.#pool.exclusively(async () => {
      const { current, usable } = await this.#provider.versions();
      const known = (await this.#store.superseded()).find((entry) => entry.version === version);
      if (version === current) refuse(`Version ${version} is the current one: rotate first.`);
      const isUsable = usable.includes(version);
      if (!isUsable && known?.retiredAt != null) return;
      if (!isUsable) throw new Failure('not_found', { detail: `There is no version ${version}.` });
      if (known?.retiredAt == null) await this.#close(version, known, consent);
      // Recorded first: what cannot be recorded is not destroyed.
      await this.#journal.record(context, { action: 'key.master_retired', resource: `master:${version}` });
      await this.#provider.retire(version);
    });
  }

  /** From when on a version may be destroyed. */
  retirableFrom({ supersededAt, lastRewrappedAt }: SupersededVersion): Date {
    const from = Math.max(supersededAt.getTime(), lastRewrappedAt?.getTime() ?? 0);
    return new Date(from + this.#backupDays * DAY_MS);
  }

  async #close(
    version: number,
    known: SupersededVersion | undefined,
    consent: string | undefined,
  ): Promise<void> {
    const now = this.#clock.now();
    const keys = (await this.#store.wrappedKeys()).get(version) ?? 0;
    if (keys > 0) refuse(stillWraps(version, keys));
    if (consent !== undefined && consent !== CONSENT) refuse(`To destroy it now say exactly: ${CONSENT}`);
    if (known === undefined) await this.#store.noteSuperseded([version], now);
    const from = this.retirableFrom(
      known ?? { version, supersededAt: now, lastRewrappedAt: null, retiredAt: null },
    );
    if (now < from && consent === undefined) {
      refuse(
        `Backups of the key store are kept for ${this.#backupDays} days and may need version ${version} until ` +
          `${from.toISOString()}. To destroy it now: --now "${CONSENT}"`,
      );
    }
    const late = await this.#store.close(version, now);
    if (late > 0) refuse(stillWraps(version, late));
  }
}

function stillWraps(version: number, keys: number): string {
  return `Version ${version} still wraps ${keys} key(s): run rewrap first.`;
}

function refuse(detail: string): never {
  throw new Failure('conflict', { detail });
}

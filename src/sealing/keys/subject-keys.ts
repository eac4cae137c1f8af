import { createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import type { SubjectId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { type KindCounter, Metrics } from '../../platform/metrics/metrics.js';
import type { VersionedKey } from '../format/sealed-field.js';
import { KeyProvider } from '../providers/key-provider.js';
import { KeyStore, type StoredKey, type WantedKey } from './key-store.js';
import { SubjectKeyCache, type SubjectVersions } from './subject-key-cache.js';

const KEY_BYTES = 32;

/** One data key per subject and version: a person's key opens that person's fields and nobody else's. */
@Injectable()
export class SubjectKeys {
  readonly #store: KeyStore;
  readonly #provider: KeyProvider;
  readonly #cache: SubjectKeyCache;
  readonly #randomness: Randomness;
  readonly #clock: Clock;
  readonly #unwraps: KindCounter<'done' | 'failed'>;

  constructor(
    store: KeyStore,
    provider: KeyProvider,
    cache: SubjectKeyCache,
    randomness: Randomness,
    clock: Clock,
    metrics: Metrics,
  ) {
    this.#store = store;
    this.#provider = provider;
    this.#cache = cache;
    this.#randomness = randomness;
    this.#clock = clock;
    this.#unwraps = metrics.counter(
      'sceau_subject_key_unwraps_total',
      'Subject keys that the provider was asked to unwrap',
      ['done', 'failed'],
    );
  }

  /** Gives a subject its first key. Repeating it changes nothing; a destroyed subject gets none. */
  async create(subject: SubjectId): Promise<void> {
    const key = this.#randomness.bytes(KEY_BYTES);
    const context = { purpose: 'subject-key', owner: subject, version: 1 } as const;
    const [wrapped] = await this.#provider.wrapMany([{ key, context }]);
    key.fill(0);
    if (wrapped === undefined) throw new Failure('keys_unavailable');
    await this.#store.addSubjectKey(subject, 1, wrapped, this.#clock.now());
  }

  /**
   * Destroys every key of a subject: whatever was sealed under them is unreadable from now on, in every process.
   * @param reason a code in snake_case, kept with the tombstone
   */
  async destroy(subject: SubjectId, reason: string): Promise<void> {
    await this.#store.destroySubject(subject, reason, this.#clock.now());
    this.#cache.forget(subject);
  }

  /** Has the provider asked again for a subject's keys, so that nobody can tell by the time whether they were in use. */
  forget(subject: SubjectId): void {
    this.#cache.forget(subject);
  }

  /**
   * The keys asked for, by one query and one call of the provider for all that are not cached.
   * @returns one entry per wish, in order; `undefined` where the subject has no such key
   */
  async find(wanted: readonly WantedKey[]): Promise<readonly (VersionedKey | undefined)[]> {
    return this.#cache.fetch(wanted, (subjects) => this.#load(subjects));
  }

  /** @throws Failure `sealed_value_unreadable` when the subject has no key */
  async current(subject: SubjectId): Promise<VersionedKey> {
    const [key] = await this.find([{ subject }]);
    if (key === undefined)
      throw new Failure('sealed_value_unreadable', { privateDetail: 'the subject has no key' });
    return key;
  }

  async #load(subjects: readonly SubjectId[]): Promise<ReadonlyMap<string, SubjectVersions>> {
    const rows = await this.#store.subjectKeys(subjects);
    const unwrapped = await this.#provider.unwrapMany(
      rows.map((row) => ({
        ...row,
        context: { purpose: 'subject-key', owner: row.owner, version: row.version },
      })),
    );
    const opened = new Map<StoredKey, VersionedKey>();
    rows.forEach((row, index) => {
      const result = unwrapped[index];
      this.#unwraps.add(result?.ok === true ? 'done' : 'failed');
      if (result?.ok !== true) return;
      opened.set(row, { version: row.version, key: createSecretKey(result.key) });
      result.key.fill(0);
    });
    return new Map(
      Array.from(
        Map.groupBy(rows, (row) => row.owner),
        ([owner, own]) => [owner, versionsOf(own, opened)],
      ),
    );
  }
}

function versionsOf(
  rows: readonly StoredKey[],
  opened: ReadonlyMap<StoredKey, VersionedKey>,
): SubjectVersions {
  const newest = rows.toSorted((a, b) => b.version - a.version)[0];
  const keys = rows.flatMap((row) => opened.get(row) ?? []);
  return {
    newest: newest && opened.get(newest),
    keys: new Map(keys.map((key) => [key.version, key])),
  };
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../kernel/clock.js';
import type { SubjectId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { type KindCounter, Metrics } from '../../platform/metrics/metrics.js';
import type { VersionedKey } from '../format/sealed-field.js';
import type { WantedKey } from './key-store.js';

/** Every version of one subject's key that unwraps. */
export interface SubjectVersions {
  /** To seal with; `undefined` when the newest version does not unwrap. */
  readonly newest: VersionedKey | undefined;
  readonly keys: ReadonlyMap<number, VersionedKey>;
}

type Load = (subjects: readonly SubjectId[]) => Promise<ReadonlyMap<string, SubjectVersions>>;
type Lookup = 'hit' | 'joined' | 'miss';
type Removal = 'bound' | 'age' | 'told';

const REMOVALS: Partial<Record<LRUCache.DisposeReason, Removal>> = {
  evict: 'bound',
  expire: 'age',
  delete: 'told',
};

interface Found {
  readonly how: Lookup;
  readonly versions: Promise<SubjectVersions | undefined>;
}

const keyOf = (
  versions: SubjectVersions | undefined,
  version: number | undefined,
): VersionedKey | undefined => (version === undefined ? versions?.newest : versions?.keys.get(version));

/**
 * Unwrapped keys of recent subjects, bounded in number and age: that bound is what code execution in this process
 * yields at most. Keeps nothing while it does not hear of destroyed and rotated keys.
 */
@Injectable()
export class SubjectKeyCache {
  readonly #kept: LRUCache<string, SubjectVersions> | undefined;
  readonly #loading = new Map<string, Promise<SubjectVersions | undefined>>();
  readonly #lookups: KindCounter<Lookup>;
  /** Changes whenever hearing begins or ends; `undefined` while nothing is heard. */
  #hearing: symbol | undefined;

  constructor(settings: Settings, clock: Clock, metrics: Metrics) {
    this.#lookups = metrics.counter(
      'sceau_subject_key_lookups_total',
      'Looked up in the cache of subject keys',
      ['hit', 'joined', 'miss'],
    );
    const removals = metrics.counter(
      'sceau_subject_key_evictions_total',
      'Subjects dropped from the cache: it was full, they were old, or their keys changed',
      ['bound', 'age', 'told'],
    );
    const { cacheSize, cacheSeconds } = settings.keyring;
    if (cacheSize === 0 || cacheSeconds === 0) return;
    this.#kept = new LRUCache({
      max: cacheSize,
      ttl: cacheSeconds * 1_000,
      updateAgeOnGet: false,
      // A key that nobody asks for again leaves the memory all the same.
      ttlAutopurge: true,
      ttlResolution: 0,
      perf: { now: () => clock.now().getTime() },
      dispose: (_versions, _subject, reason) => {
        const removal = REMOVALS[reason];
        if (removal !== undefined) removals.add(removal);
      },
    });
  }

  /** Serves what is kept, joins what is being loaded, and loads the rest at once. */
  async fetch(wanted: readonly WantedKey[], load: Load): Promise<readonly (VersionedKey | undefined)[]> {
    const found = this.#find(wanted, load);
    return Promise.all(
      wanted.map(async (wish, index) => {
        const key = keyOf(await found[index]?.versions, wish.version);
        if (key !== undefined || found[index]?.how !== 'joined') return key;
        // The load that was joined may have begun before this version was stored.
        return keyOf(await this.#find([wish], load)[0]?.versions, wish.version);
      }),
    );
  }

  forget(subject: SubjectId | string): void {
    this.#kept?.delete(subject);
    // A load that began before the change must not put its key back.
    this.#loading.delete(subject);
  }

  /** From now on every change of a key leads to `forget`. */
  hears(): void {
    this.#hearing = Symbol('hearing');
  }

  /** Changes may be missed from now on. */
  hearsNothing(): void {
    this.#hearing = undefined;
    this.#kept?.clear();
  }

  #find(wanted: readonly WantedKey[], load: Load): readonly Found[] {
    const missing = new Set<SubjectId>();
    const before = wanted.map(({ subject, version }): Found | undefined => {
      const kept = this.#kept?.get(subject);
      if (keyOf(kept, version) !== undefined) return { how: 'hit', versions: Promise.resolve(kept) };
      const loading = this.#loading.get(subject);
      if (loading !== undefined) return { how: 'joined', versions: loading };
      missing.add(subject);
      return undefined;
    });
    const begun = missing.size > 0 ? this.#begin([...missing], load) : undefined;
    return wanted.map(({ subject }, index): Found => {
      const found = before[index] ?? {
        how: 'miss',
        versions: begun?.get(subject) ?? Promise.resolve(undefined),
      };
      this.#lookups.add(found.how);
      return found;
    });
  }

  #begin(
    subjects: readonly SubjectId[],
    load: Load,
  ): ReadonlyMap<string, Promise<SubjectVersions | undefined>> {
    const hearing = this.#hearing;
    const all = load(subjects);
    return new Map(
      subjects.map((subject) => {
        const one = all.then((loaded) => loaded.get(subject));
        this.#loading.set(subject, one);
        const settle = (versions: SubjectVersions | undefined): void => {
          if (this.#loading.get(subject) !== one) return;
          this.#loading.delete(subject);
          const isSure = hearing !== undefined && hearing === this.#hearing;
          if (versions !== undefined && isSure) this.#kept?.set(subject, versions);
        };
        one.then(settle, () => settle(undefined));
        return [subject, one];
      }),
    );
  }
}

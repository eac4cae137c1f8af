import { AsyncLocalStorage } from 'node:async_hooks';
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
const LOOKUPS = ['hit', 'joined', 'miss'] as const;
type Lookup = (typeof LOOKUPS)[number];
type Removal = 'bound' | 'age' | 'told';

const REMOVALS: Partial<Record<LRUCache.DisposeReason, Removal>> = {
  evict: 'bound',
  expire: 'age',
  delete: 'told',
};

interface Loading {
  readonly how: 'joined' | 'miss';
  readonly versions: Promise<SubjectVersions | undefined>;
}

type Found = { readonly how: 'hit'; readonly key: VersionedKey } | Loading;

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
  /** The timer of a kept key outlives the request that it was loaded for, and would keep that in memory as well. */
  readonly #outside = AsyncLocalStorage.snapshot();
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
    const keys: (VersionedKey | undefined)[] = [];
    for (const [index, wish] of wanted.entries()) {
      const one = found[index];
      keys.push(one === undefined || one.how === 'hit' ? one?.key : await this.#loaded(wish, one, load));
    }
    return keys;
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

  async #loaded(wish: WantedKey, { how, versions }: Loading, load: Load): Promise<VersionedKey | undefined> {
    const key = keyOf(await versions, wish.version);
    if (key !== undefined || how === 'miss') return key;
    // The load that was joined may have begun before this version was stored.
    const [again] = this.#find([wish], load);
    if (again === undefined || again.how === 'hit') return again?.key;
    return keyOf(await again.versions, wish.version);
  }

  #find(wanted: readonly WantedKey[], load: Load): readonly Found[] {
    const kept = new Map<SubjectId, SubjectVersions | undefined>();
    const missing = new Set<SubjectId>();
    const before = wanted.map(({ subject, version }): Found | undefined => {
      // A page asks for the same subject once for each of its fields.
      if (!kept.has(subject)) kept.set(subject, this.#kept?.get(subject));
      const key = keyOf(kept.get(subject), version);
      if (key !== undefined) return { how: 'hit', key };
      const loading = this.#loading.get(subject);
      if (loading !== undefined) return { how: 'joined', versions: loading };
      missing.add(subject);
      return undefined;
    });
    const begun = missing.size > 0 ? this.#begin([...missing], load) : undefined;
    const found = wanted.map(
      ({ subject }, index): Found =>
        before[index] ?? { how: 'miss', versions: begun?.get(subject) ?? Promise.resolve(undefined) },
    );
    for (const how of LOOKUPS) this.#lookups.add(how, found.filter((one) => one.how === how).length);
    return found;
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
          if (versions !== undefined && isSure) this.#outside(() => this.#kept?.set(subject, versions));
        };
        one.then(settle, () => settle(undefined));
        return [subject, one];
      }),
    );
  }
}

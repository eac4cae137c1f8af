import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { SubjectId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { Settings } from '../../platform/config/settings.js';
import { KeyStore } from '../keys/key-store.js';
import { SubjectKeys } from '../keys/subject-keys.js';
import { KeyProvider } from '../providers/key-provider.js';
import { type Resealed, type ResealingKeys, SubjectResealing } from './resealing.js';
import type { Report } from './progress.js';
import { RotationPool } from './rotation-pool.js';
import { type SubjectRotationState, SubjectRotationStore } from './subject-rotation-store.js';

const KEY_BYTES = 32;
/** How many are renewed at once. */
const TOGETHER = 500;

export interface SubjectRotated extends Resealed {
  readonly version: number;
  /** False when values that do not open have kept the old versions in place. */
  readonly isComplete: boolean;
}

/** Renews one subject's key after an incident, while the subject goes on reading and writing. */
@Injectable()
export class SubjectRotation {
  readonly #pool: RotationPool;
  readonly #store: SubjectRotationStore;
  readonly #keyStore: KeyStore;
  readonly #keys: SubjectKeys;
  readonly #provider: KeyProvider;
  readonly #resealing: SubjectResealing;
  readonly #randomness: Randomness;
  readonly #clock: Clock;
  readonly #drainMs: number;

  constructor(
    pool: RotationPool,
    store: SubjectRotationStore,
    keyStore: KeyStore,
    keys: SubjectKeys,
    provider: KeyProvider,
    resealing: SubjectResealing,
    randomness: Randomness,
    clock: Clock,
    settings: Settings,
  ) {
    this.#pool = pool;
    this.#store = store;
    this.#keyStore = keyStore;
    this.#keys = keys;
    this.#provider = provider;
    this.#resealing = resealing;
    this.#randomness = randomness;
    this.#clock = clock;
    this.#drainMs = settings.keyring.drainSeconds * 1_000;
  }

  /**
   * A new version seals at once; requests that still seal under the old one are waited for; everything stored is
   * resealed in one transaction; requests that still hold what was stored before are waited for; only then is the
   * old version deleted. A run that was killed is finished, not repeated.
   * @throws Failure `not_found` for a subject without keys, `conflict` while another rotation is at work,
   * `keys_unavailable`, `ledger_unavailable`, `service_unavailable`
   */
  rotate(context: RequestContext, subject: SubjectId): Promise<SubjectRotated> {
    return this.#pool.exclusively(async () => {
      const state = await this.#start(subject);
      await this.#drained(state.beganAt);
      const resealed = await this.#reseal(context, subject, state);
      await this.#drained(resealed.at);
      return this.#end(subject, state, resealed);
    });
  }

  /**
   * The same of many, some hundred at a time, so that requests are waited for twice for all of these together. Whoever
   * is destroyed meanwhile is left out. A run that was killed goes on with those that `outdated` still names.
   * @param report how many are done, of how many
   * @returns how many are complete
   * @throws as `rotate`, except `not_found`
   */
  rotateAll(context: RequestContext, subjects: readonly SubjectId[], report: Report): Promise<number> {
    return this.#pool.exclusively(async () => {
      let complete = 0;
      report(0, subjects.length);
      for (let from = 0; from < subjects.length; from += TOGETHER) {
        const part = subjects.slice(from, from + TOGETHER);
        complete += await this.#rotatePart(context, part);
        report(from + part.length, subjects.length);
      }
      return complete;
    });
  }

  /** Which of these have no key that was made since a moment of their own, or one that is still being renewed. */
  outdated(since: ReadonlyMap<SubjectId, Date>): Promise<readonly SubjectId[]> {
    return this.#store.outdated(since);
  }

  async #rotatePart(context: RequestContext, part: readonly SubjectId[]): Promise<number> {
    const started = await inTurn(part, async (subject) => ({ subject, state: await this.#start(subject) }));
    await this.#drained(latest(started.map(({ state }) => state.beganAt)));
    const resealed = await inTurn(started, async ({ subject, state }) => ({
      subject,
      state,
      done: await this.#reseal(context, subject, state),
    }));
    await this.#drained(latest(resealed.map(({ done }) => done.at)));
    const ended = await inTurn(resealed, ({ subject, state, done }) => this.#end(subject, state, done));
    return ended.filter(({ isComplete }) => isComplete).length;
  }

  async #start(subject: SubjectId): Promise<SubjectRotationState> {
    return (await this.#store.find(subject)) ?? (await this.#begin(subject));
  }

  async #reseal(
    context: RequestContext,
    subject: SubjectId,
    state: SubjectRotationState,
  ): Promise<Resealed & { readonly at: Date }> {
    const keys = await this.#keysFor(subject, state.toVersion);
    const resealed = await this.#resealing.run(context, subject, keys);
    return { ...resealed, at: await this.#store.resealed(subject, this.#clock.now()) };
  }

  async #end(
    subject: SubjectId,
    state: SubjectRotationState,
    { values, unreadable }: Resealed,
  ): Promise<SubjectRotated> {
    await this.#resealing.forgetReplaced(subject);
    const isComplete = unreadable === 0;
    if (isComplete) await this.#store.finish(subject, state);
    return { values, unreadable, version: state.toVersion, isComplete };
  }

  async #begin(subject: SubjectId): Promise<SubjectRotationState> {
    const version = (await this.#store.newestVersion(subject)) + 1;
    const key = this.#randomness.bytes(KEY_BYTES);
    const [wrapped] = await this.#provider.wrapMany([
      { key, context: { purpose: 'subject-key', owner: subject, version } },
    ]);
    key.fill(0);
    if (wrapped === undefined) throw new Failure('keys_unavailable');
    return this.#store.begin(subject, version, wrapped, this.#clock.now());
  }

  async #keysFor(subject: SubjectId, toVersion: number): Promise<ResealingKeys> {
    const stored = await this.#keyStore.subjectKeys([subject]);
    const found = await this.#keys.find(stored.map(({ version }) => ({ subject, version })));
    const all = new Map(found.flatMap((key) => (key === undefined ? [] : [[key.version, key] as const])));
    const target = all.get(toVersion);
    if (target === undefined)
      throw new Failure('keys_unavailable', { privateDetail: 'the new version does not unwrap' });
    return { all, target };
  }

  /** Resolves once requests that began before a moment have ended. */
  async #drained(since: Date): Promise<void> {
    const left = since.getTime() + this.#drainMs - this.#clock.now().getTime();
    if (left > 0) await pause(left);
  }
}

/** Does something for one after the other; whoever is not there any more is left out of the results. */
async function inTurn<T, Result>(
  all: readonly T[],
  work: (one: T) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const one of all) {
    try {
      results.push(await work(one));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'not_found') throw error;
    }
  }
  return results;
}

const latest = (moments: readonly Date[]): Date =>
  new Date(Math.max(0, ...moments.map((at) => at.getTime())));

import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { AccountId, CandidateId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { IndexKeys } from '../../sealing/index.js';
import type { Dossier } from '../dossier.js';
import { about } from '../touched.js';
import type { AgencyPurpose } from '../release-policy.js';
import { isMarked, markedId } from './canary-mark.js';

type Named = Pick<Dossier, 'candidate' | 'application'>;

/** Candidates whom nobody is and nobody should read. No row says who they are: it follows from their ids and a key. */
@Injectable()
export class Canaries {
  readonly #keys: IndexKeys;
  readonly #ledger: Ledger;

  constructor(keys: IndexKeys, ledger: Ledger) {
    this.#keys = keys;
    this.#ledger = ledger;
  }

  /** Which of these candidates are canaries. @throws Failure `keys_unavailable` */
  async of(candidates: readonly CandidateId[]): Promise<ReadonlySet<CandidateId>> {
    const key = await this.#keys.key('canary');
    return new Set(candidates.filter((candidate) => isMarked(key, candidate)));
  }

  /**
   * Alerts that some of these are asked for. Whoever asks gets what they would get of anybody else.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async watch(
    context: RequestContext<AgencyActor>,
    purpose: AgencyPurpose,
    dossiers: readonly Named[],
  ): Promise<void> {
    const canaries = await this.of(dossiers.map(({ candidate }) => candidate));
    const asked = dossiers.filter(({ candidate }) => canaries.has(candidate));
    if (asked.length === 0) return;
    const entry = { ...about(asked), action: 'canary.disclosed', context, purpose } as const;
    await this.#ledger.append(entry, 'staged');
  }

  /** An id for the account of one of them. @param at milliseconds since the epoch. @throws Failure `keys_unavailable` */
  async newId(at: number): Promise<AccountId> {
    return markedId(await this.#keys.key('canary'), at);
  }
}

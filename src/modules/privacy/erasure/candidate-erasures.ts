import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import type { RequestContext, SystemActor } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type CandidateId, parseId } from '../../../kernel/ids.js';
import { Ledger, SubjectTies } from '../../../ledger/index.js';
import { CandidateDepartures } from '../../identity/index.js';
import type { Acknowledged } from './erasure.js';
import { Erasures } from './erasures.js';
import { type HeldRows, HoldingsCount } from './holdings-count.js';

/** What is held of a candidate, in numbers. */
export interface Holdings {
  readonly candidate: CandidateId;
  readonly tables: readonly HeldRows[];
}

type Operator = RequestContext<SystemActor>;

/** Erasures by an operator, for whoever asks by letter and has proven who they are. */
@Injectable()
export class CandidateErasures {
  readonly #departures: CandidateDepartures;
  readonly #ties: SubjectTies;
  readonly #count: HoldingsCount;
  readonly #erasures: Erasures;
  readonly #ledger: Ledger;

  constructor(
    departures: CandidateDepartures,
    ties: SubjectTies,
    count: HoldingsCount,
    erasures: Erasures,
    ledger: Ledger,
  ) {
    this.#departures = departures;
    this.#ties = ties;
    this.#count = count;
    this.#erasures = erasures;
    this.#ledger = ledger;
  }

  /**
   * Says of whom there would be what to erase. That somebody was looked for is an entry, whether or not they are there.
   * @param named an e-mail address, an id, or a pseudonym of the ledger
   * @throws Failure `not_found`
   */
  async lookUp(context: Operator, named: string): Promise<Holdings> {
    const candidate = await this.#find(context, named);
    const subjects = candidate === undefined ? [] : [{ candidate, fields: [] }];
    const resource = candidate === undefined ? {} : { resource: candidate };
    await this.#ledger.append({ action: 'candidate.looked_up', context, ...resource, subjects }, 'staged');
    if (candidate === undefined) throw new Failure('not_found', { detail: 'There is no such candidate.' });
    return { candidate, tables: await this.#count.of(candidate) };
  }

  /**
   * @param confirmed the id that `lookUp` has named
   * @throws Failure `conflict` when that is somebody else's; else as `Erasures.begin`
   */
  async erase(context: Operator, named: string, confirmed: string): Promise<Acknowledged> {
    const { candidate } = await this.lookUp(context, named);
    if (candidate !== confirmed)
      throw new Failure('conflict', {
        detail: 'That is not the id of this candidate: look again without --confirm.',
      });
    return this.#erasures.begin(context, candidate, 'operator');
  }

  async #find(context: Operator, named: string): Promise<CandidateId | undefined> {
    if (named.includes('@')) return this.#departures.findByAddress(context, named);
    if (!validate(named)) return undefined;
    const candidate = parseId<CandidateId>(named) ?? (await this.#ties.candidateOf(named));
    if (candidate === undefined || !(await this.#departures.isThere(context, candidate))) return undefined;
    return candidate;
  }
}

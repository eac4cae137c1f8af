import { Injectable } from '@nestjs/common';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { type AgencyId, parseId } from '../../../kernel/ids.js';
import { Ledger, type SubjectAccess, SubjectHistory } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../../platform/http/index.js';
import { Agencies } from '../../agencies/index.js';
import { accessSentence } from './access-sentence.js';

export interface ReadableAccess {
  readonly access: SubjectAccess;
  /** Of the agency that acted, if one did. */
  readonly agencyName: string | null;
  readonly sentence: string;
}

export interface HistoryQuery {
  readonly limit: number;
  readonly cursor?: string;
}

const CURSOR = 'me/access-history';

/** The ledger as the person it is about may see it. Looking is an entry as well, and shows the next time. */
@Injectable()
export class AccessHistory {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #ledger: Ledger;
  readonly #history: SubjectHistory;
  readonly #cursors: CursorCodec;
  readonly #settings: Settings;

  constructor(
    database: Database,
    agencies: Agencies,
    ledger: Ledger,
    history: SubjectHistory,
    cursors: CursorCodec,
    settings: Settings,
  ) {
    this.#database = database;
    this.#agencies = agencies;
    this.#ledger = ledger;
    this.#history = history;
    this.#cursors = cursors;
    this.#settings = settings;
  }

  /**
   * Every access to the candidate's data that a signed checkpoint covers, newest first, each with its proof.
   * @throws Failure `invalid_cursor`, `ledger_unavailable`
   */
  async list(
    context: RequestContext<CandidateActor>,
    { limit, cursor }: HistoryQuery,
  ): Promise<Page<ReadableAccess>> {
    const { candidateId } = context.actor;
    const before = cursor === undefined ? undefined : Number(this.#cursors.decode(CURSOR, cursor)[0]);
    await this.#ledger.append(
      {
        action: 'access_history.read',
        context,
        resource: candidateId,
        purpose: 'own_data',
        subjects: [{ candidate: candidateId, fields: [] }],
      },
      this.#settings.ledger.acknowledgement.candidate,
    );
    const found = await this.#history.of(candidateId, limit + 1, before);
    const { items, last } = cutPage(found, limit);
    return new Page(
      await this.inWords(context, items),
      this.#cursors.next(CURSOR, last && [String(last.index)]),
    );
  }

  /** Accesses that have been read, said in the language of the request. */
  async inWords(
    context: RequestContext<CandidateActor>,
    accesses: readonly SubjectAccess[],
  ): Promise<readonly ReadableAccess[]> {
    const names = await this.#agencyNames(context, accesses);
    return accesses.map((access) => {
      const agency = access.agencyId === null ? undefined : names.get(access.agencyId);
      const sentence = accessSentence(access, agency, context.locale);
      return { access, agencyName: agency ?? null, sentence };
    });
  }

  #agencyNames(
    { actor: { candidateId } }: RequestContext<CandidateActor>,
    accesses: readonly SubjectAccess[],
  ): Promise<ReadonlyMap<string, string>> {
    const ids = accesses.flatMap(({ agencyId }) => parseId<AgencyId>(agencyId ?? '') ?? []);
    return this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      this.#agencies.names(manager, ids),
    );
  }
}

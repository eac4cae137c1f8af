import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Batch } from '../../../platform/database/batch.js';
import { Database } from '../../../platform/database/database.js';
import { Sweeping } from './sweeping.js';

/** A client’s assertion, its proof for the token endpoint, its proof for the API: each has identifiers of its own. */
export type Presented = 'assertion' | 'token_proof' | 'proof';

/** What is kept of something that may be presented once. */
export interface Mark {
  readonly digest: Buffer;
  /** Until when it could be presented again. */
  readonly until: Date;
}

/** @param issuer whoever chose the identifier: two clients may choose the same */
export function markOf(kind: Presented, issuer: string, identifier: string, until: Date): Mark {
  return { digest: hash('sha256', JSON.stringify([kind, issuer, identifier]), 'buffer'), until };
}

/**
 * Of marks that were made by one statement those that were the first of their kind.
 * @param made digests of the rows that it added, in hexadecimal
 */
export function firstOf<Asked extends { readonly mark: Mark | undefined }>(
  asked: readonly Asked[],
  made: ReadonlySet<string>,
): ReadonlySet<Asked> {
  const left = new Set(made);
  return new Set(asked.filter(({ mark }) => mark !== undefined && left.delete(mark.digest.toString('hex'))));
}

const FIRST_USES = {
  name: 'first-uses',
  text: 'SELECT digest FROM oauth.first_uses($1::bytea[], $2::timestamptz[])',
};

/** What was presented once and must not be presented again, to whatever process. */
@Injectable()
export class ReplayStore {
  readonly #database: Database;
  readonly #sweeping: Sweeping;
  readonly #marking = new Batch<{ readonly mark: Mark }, boolean>((asked) => this.#markAll(asked));

  constructor(database: Database, sweeping: Sweeping) {
    this.#database = database;
    this.#sweeping = sweeping;
  }

  /** Marks something as used. One statement decides, so that of any number at the same moment exactly one gets `true`. */
  async isFirstUse(mark: Mark): Promise<boolean> {
    await this.#sweeping.pass();
    return this.#marking.ask({ mark });
  }

  async #markAll(
    asked: readonly { readonly mark: Mark }[],
  ): Promise<(one: { readonly mark: Mark }) => boolean> {
    const marks = new Map(asked.map(({ mark }) => [mark.digest.toString('hex'), mark]));
    const rows = await this.#database.ask<{ digest: Buffer }>(FIRST_USES, [
      [...marks.values()].map(({ digest }) => digest),
      [...marks.values()].map(({ until }) => until),
    ]);
    const first = firstOf(asked, new Set(rows.map(({ digest }) => digest.toString('hex'))));
    return (one) => first.has(one);
  }
}

import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, parseId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { AgencyEntity } from './persistence/agency.entity.js';

const LIST = 'operator/agencies';

/** An agency as operators see it. */
export type ListedAgency = Readonly<Pick<AgencyEntity, 'id' | 'name' | 'mode' | 'createdAt'>>;

/** Agencies for operators to look at; every look is an entry of the ledger. */
@Injectable()
export class AgencyRegister {
  readonly #database: Database;
  readonly #cursors: CursorCodec;
  readonly #ledger: Ledger;

  constructor(database: Database, cursors: CursorCodec, ledger: Ledger) {
    this.#database = database;
    this.#cursors = cursors;
    this.#ledger = ledger;
  }

  /** Newest first: ids rise with time. @throws Failure `invalid_cursor` */
  async list(context: RequestContext, limit: number, cursor?: string): Promise<Page<ListedAgency>> {
    const [last = ''] = cursor === undefined ? [] : this.#cursors.decode(LIST, cursor);
    const before = parseId<AgencyId>(last);
    const found = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(AgencyEntity).find({
        ...(before === undefined ? {} : { where: { id: LessThan(before) } }),
        order: { id: 'DESC' },
        take: limit + 1,
      }),
    );
    const { items, last: end } = cutPage(found, limit);
    await this.#ledger.append({ action: 'agency.listed', context, count: items.length }, 'staged');
    return new Page(items, this.#cursors.next(LIST, end && [end.id]));
  }

  /** @throws Failure `not_found` */
  async one(context: RequestContext, id: AgencyId): Promise<ListedAgency> {
    const agency = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(AgencyEntity).findOneBy({ id }),
    );
    if (agency === null) throw new Failure('not_found');
    await this.#ledger.append({ action: 'agency.listed', context, resource: id, agency: id }, 'staged');
    return agency;
  }
}

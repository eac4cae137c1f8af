import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { AgencyModes } from '../agencies/index.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';

/** What synthetic candidates can apply for. */
@Injectable()
export class SandboxVacancies {
  readonly #database: Database;
  readonly #modes: AgencyModes;
  readonly #clock: Clock;

  constructor(database: Database, modes: AgencyModes, clock: Clock) {
    this.#database = database;
    this.#modes = modes;
    this.#clock = clock;
  }

  /** The agency's that take applications now, oldest first. @throws Failure `not_found` for what is no sandbox */
  open(context: RequestContext<SystemActor>, agencyId: AgencyId): Promise<readonly VacancyEntity[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await this.#modes.require(context, manager, agencyId, 'sandbox');
      return manager.getRepository(VacancyEntity).find({
        where: { agencyId, status: 'published', deadline: MoreThan(this.#clock.now()) },
        order: { createdAt: 'ASC', id: 'ASC' },
      });
    });
  }
}

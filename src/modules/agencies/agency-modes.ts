import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId } from '../../kernel/ids.js';
import { RowMacs, type SecurityRecord } from '../../sealing/index.js';
import { StandingRecords } from '../security-records/index.js';
import type { AgencyMode } from './agency-mode.js';
import { AgencyEntity } from './persistence/agency.entity.js';

/** An agency keeps its mode, so there is one revision of it for good. */
const ONLY_REVISION = 1;
const KIND = 'agencies_agency';

/**
 * Which agencies are sandboxes. Synthetic applications and real candidates must never meet, whoever can write to the
 * database, so wherever that depends on the mode it is proven by its MAC.
 */
@Injectable()
export class AgencyModes {
  readonly #macs: RowMacs;
  readonly #records: StandingRecords;

  constructor(macs: RowMacs, records: StandingRecords) {
    this.#macs = macs;
    this.#records = records;
  }

  /** What the row of a new agency carries. @throws Failure `keys_unavailable` */
  async stamp(id: AgencyId, mode: AgencyMode): Promise<Pick<AgencyEntity, 'mode' | 'modeMac'>> {
    return { mode, modeMac: await this.#macs.mac(recordOf(id, mode)) };
  }

  /** Whether the agency still is what we have made it. @throws Failure `keys_unavailable` */
  isGenuine({ id, mode, modeMac }: Pick<AgencyEntity, 'id' | 'mode' | 'modeMac'>): Promise<boolean> {
    return this.#macs.isGenuine(recordOf(id, mode), modeMac);
  }

  /**
   * @throws Failure `not_found` when the agency is not of this mode. One whose mode we have not given it is of neither,
   *   which is alerted.
   */
  async require(
    context: RequestContext,
    manager: EntityManager,
    id: AgencyId,
    mode: AgencyMode,
  ): Promise<void> {
    const agency = await manager.getRepository(AgencyEntity).findOneBy({ id });
    if (agency === null) throw new Failure('not_found');
    if (!(await this.isGenuine(agency))) {
      await this.#records.refuse(context, KIND, id, 'forged');
      throw new Failure('not_found');
    }
    if (agency.mode !== mode) throw new Failure('not_found');
  }
}

function recordOf(id: AgencyId, mode: AgencyMode): SecurityRecord {
  return { kind: KIND, id, revision: ONLY_REVISION, columns: [['mode', mode]] };
}

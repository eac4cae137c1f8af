import { Injectable } from '@nestjs/common';
import { defaultAllowance, type ReadAllowance } from '../../disclosure/index.js';
import type { AgencyId } from '../../kernel/ids.js';
import { countOpen } from './open-applications.js';

/** How many candidates an agency may be shown, which follows from the applications that it has. */
@Injectable()
export class Allowances {
  of(agencyId: AgencyId): ReadAllowance {
    return async (manager) => defaultAllowance(await countOpen(manager, agencyId));
  }
}

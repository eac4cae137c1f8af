import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import type { AgencyActor } from '../../kernel/context.js';
import type { Request } from '../../platform/http/index.js';
import type { AgencyAccess } from './agency-access.js';

export interface AgencyStrategyOptions {
  readonly access: AgencyAccess;
}

/**
 * Passport's `agency`. Strategies are registered once for a whole process, whatever number of applications it holds,
 * so each request brings the access check of its own application along.
 */
@Injectable()
export class AgencyStrategy extends PassportStrategy(Strategy, 'agency') {
  constructor() {
    super({ passOptionsToCallback: true });
  }

  validate(request: Request, { access }: AgencyStrategyOptions): Promise<AgencyActor> {
    return access.recognise(request);
  }
}

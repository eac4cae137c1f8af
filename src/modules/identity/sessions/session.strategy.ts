import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import type { PersonActor } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { contextOf, type Request } from '../../../platform/http/index.js';
import { presentedCredential, requireSameSite } from './credential.js';
import type { Sessions } from './sessions.js';

export interface SessionStrategyOptions {
  readonly sessions: Sessions;
}

/**
 * Passport's `session`: finds whose session token a request carries, as a bearer or in the cookie. Strategies are
 * registered once for a whole process, so each request brings the sessions of its own application along.
 */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy, 'session') {
  constructor() {
    super({ passOptionsToCallback: true });
  }

  async validate(request: Request, { sessions }: SessionStrategyOptions): Promise<PersonActor> {
    const credential = presentedCredential(request);
    const recognised = credential && (await sessions.recognise(contextOf(request), credential.token));
    if (credential === undefined || recognised?.transport !== credential.transport) {
      throw new Failure('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
    }
    if (credential.transport === 'cookie') requireSameSite(request);
    return recognised.actor;
  }
}

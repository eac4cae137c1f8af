import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import type { PersonActor } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { contextOf, type Request } from '../../../platform/http/index.js';
import { presentedCredential, requireSameSite } from './credential.js';
import { Sessions } from './sessions.js';

/** Passport's `session`: finds whose session token a request carries, as a bearer or in the cookie. */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy, 'session') {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    super();
    this.#sessions = sessions;
  }

  async validate(request: Request): Promise<PersonActor> {
    const credential = presentedCredential(request);
    const recognised = credential && (await this.#sessions.recognise(contextOf(request), credential.token));
    if (credential === undefined || recognised?.transport !== credential.transport) {
      throw new Failure('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
    }
    if (credential.transport === 'cookie') requireSameSite(request);
    return recognised.actor;
  }
}

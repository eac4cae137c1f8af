import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Failure } from '../../../kernel/errors.js';
import type { Request } from '../../../platform/http/index.js';
import type { Role } from '../persistence/places.js';
import type { SessionStrategyOptions } from './session.strategy.js';
import { Sessions } from './sessions.js';

const ROLES = 'sceau:roles';

/** Which people a route is for; without it, anyone signed in. */
export const Roles = (...roles: readonly Role[]): ClassDecorator & MethodDecorator =>
  SetMetadata(ROLES, roles);

const EVEN_LIMITED = 'sceau:even-limited';

/** A route for sessions too that were opened with a recovery code and have no authenticator yet. */
export const EvenLimited = (): MethodDecorator => SetMetadata(EVEN_LIMITED, true);

const SessionAuthGuard = AuthGuard('session');

/** Lets signed-in people through, of the roles that the route is for. */
@Injectable()
export class SessionGuard extends SessionAuthGuard implements CanActivate {
  readonly #reflector: Reflector;

  readonly #sessions: Sessions;

  constructor(reflector: Reflector, sessions: Sessions) {
    super();
    this.#reflector = reflector;
    this.#sessions = sessions;
  }

  override getAuthenticateOptions(): SessionStrategyOptions {
    return { sessions: this.#sessions };
  }

  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    await super.canActivate(execution);
    const { user } = execution.switchToHttp().getRequest<Request>();
    if (user === undefined)
      throw new Failure('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
    const roles = this.#reflector.getAllAndOverride<readonly string[] | undefined>(ROLES, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    if (roles !== undefined && !roles.includes(user.kind)) throw new Failure('forbidden_role');
    const isLimited = 'limitedTo' in user && user.limitedTo !== null;
    const isForLimited = this.#reflector.get<boolean | undefined>(EVEN_LIMITED, execution.getHandler());
    if (isLimited && isForLimited !== true) throw new Failure('totp_enrolment_required');
    return true;
  }
}

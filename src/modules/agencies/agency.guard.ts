import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { Reply, Request } from '../../platform/http/index.js';
import { AgencyAccess } from './agency-access.js';
import type { AgencyStrategyOptions } from './agency.strategy.js';

const SCOPES = 'sceau:scopes';

/** The scope that a route needs. */
export const Scopes = (scope: AgencyScope): ClassDecorator & MethodDecorator => SetMetadata(SCOPES, scope);

const AgencyAuthGuard = AuthGuard('agency');

/** Lets agencies' clients through whose token has the scope that the route needs. */
@Injectable()
export class AgencyGuard extends AgencyAuthGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #access: AgencyAccess;

  constructor(reflector: Reflector, access: AgencyAccess) {
    super();
    this.#reflector = reflector;
    this.#access = access;
  }

  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    const scope = this.#reflector.getAllAndOverride<AgencyScope | undefined>(SCOPES, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    // Forgetting the scope must not open anything.
    if (scope === undefined)
      throw new Failure('internal_error', { privateDetail: 'the route names no scope' });
    await super.canActivate(execution);
    const http = execution.switchToHttp();
    const request = http.getRequest<Request>();
    const { user } = request;
    if (user?.kind !== 'agency') throw new Failure('token_refused');
    // The next proof may be needed after this one's nonce has gone stale.
    http.getResponse<Reply>().header('dpop-nonce', await this.#access.nonce());
    if (!user.scopes.includes(scope)) throw await this.#access.refuseScope(request, user.agencyId, scope);
    return true;
  }

  override getAuthenticateOptions(): AgencyStrategyOptions & { session: false } {
    return { session: false, access: this.#access };
  }
}

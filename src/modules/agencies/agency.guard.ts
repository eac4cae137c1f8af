import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { Request } from '../../platform/http/index.js';

const SCOPES = 'sceau:scopes';

/** The scope that a route needs. */
export const Scopes = (scope: AgencyScope): ClassDecorator & MethodDecorator => SetMetadata(SCOPES, scope);

const AgencyAuthGuard = AuthGuard('agency');

/** Lets agencies' clients through whose token has the scope that the route needs. */
@Injectable()
export class AgencyGuard extends AgencyAuthGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    super();
    this.#reflector = reflector;
  }

  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    await super.canActivate(execution);
    const { user } = execution.switchToHttp().getRequest<Request>();
    if (user?.kind !== 'agency') throw new Failure('token_refused');
    const scope = this.#reflector.getAllAndOverride<AgencyScope | undefined>(SCOPES, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    // A route that names no scope is for nobody: forgetting it must not open anything.
    if (scope === undefined || !user.scopes.includes(scope)) {
      throw new Failure('forbidden_scope', {
        headers: { 'www-authenticate': `DPoP error="insufficient_scope", scope="${scope ?? ''}"` },
      });
    }
    return true;
  }
}

import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { originOf } from '../../kernel/ip-network.js';
import { refusalsOf } from './documentation/refuses.js';
import { contextOf, type Reply, type Request } from './exchange.js';
import { rateHeaders, RateLimits, type RatePolicyName } from './rate-limits.js';

const POLICY = 'sceau:rate-policy';

/** Counts each request to the route against its origin, before anything else is done with it. */
@Injectable()
class RateLimitGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #limits: RateLimits;

  constructor(reflector: Reflector, limits: RateLimits) {
    this.#reflector = reflector;
    this.#limits = limits;
  }

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const name = this.#reflector.get<RatePolicyName>(POLICY, execution.getHandler());
    const http = execution.switchToHttp();
    const request = http.getRequest<Request>();
    const state = await this.#limits.enforce(name, originOf(request.address), contextOf(request));
    http.getResponse<Reply>().headers(rateHeaders(name, state));
    return true;
  }
}

/** Limits a route per origin by one of the named policies. */
export const RateLimit = (name: RatePolicyName): MethodDecorator =>
  applyDecorators(
    SetMetadata(POLICY, name),
    UseGuards(RateLimitGuard),
    refusalsOf('rate', ['too_many_requests']),
  );

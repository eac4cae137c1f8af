import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import Negotiator from 'negotiator';
import { Failure } from '../../kernel/errors.js';
import type { Request } from './exchange.js';

const PRODUCES = 'sceau:produces';

/** The media types a route can answer with, where that is not JSON. */
export const Produces = (...types: readonly string[]): MethodDecorator & ClassDecorator =>
  SetMetadata(PRODUCES, types);

/** What most programs say, and what it means to say nothing. */
const ANYTHING = '*/*';

/** Refuses a request whose `Accept` header (RFC 9110 §12.5.1) rules out everything the route produces. */
@Injectable()
export class NegotiationGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<Request>();
    const { accept = ANYTHING } = request.headers;
    if (accept === ANYTHING) return true;
    const declared = this.#reflector.getAllAndOverride<string[] | undefined>(PRODUCES, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    const produced = declared ?? ['application/json', 'application/problem+json'];
    if (new Negotiator(request).mediaTypes([...produced]).length === 0) throw new Failure('not_acceptable');
    return true;
  }
}

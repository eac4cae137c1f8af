import { ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '../../../kernel/errors.js';

/** Members of an operation that list codes; read and removed when the contract is written. */
export const REFUSALS = 'x-refusals-';

/**
 * Codes that a route answers with because of what it does. What follows from its shape (a body, an id in the path,
 * a credential, If-Match) is documented without being said.
 */
export const Refuses = (...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator =>
  refusalsOf('route', codes);

/** For a decorator that brings refusals of its own. @param origin what they come from, so that lists add up */
export const refusalsOf = (origin: string, codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator =>
  ApiExtension(`${REFUSALS}${origin}`, [...codes]);

import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Request } from '../exchange.js';
import { readForm } from './form.js';

/**
 * A route that takes a form (RFC 7578) with files.
 * @param type what its parts are, for the contract
 * @param formFileBytes the most bytes of one file
 */
export const TakesForm = (type: Type, formFileBytes: number): MethodDecorator =>
  applyDecorators(RouteConfig({ formFileBytes }), ApiConsumes('multipart/form-data'), ApiBody({ type }));

/** The form's parts, read as they come. */
export const Form = createParamDecorator((_: unknown, execution: ExecutionContext) =>
  readForm(execution.switchToHttp().getRequest<Request>()),
);

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { contextOf, type Request } from './exchange.js';

/** The request's context. A guard in front of the route decides which actors get this far. */
export const Context = createParamDecorator((_: unknown, execution: ExecutionContext) =>
  contextOf(execution.switchToHttp().getRequest<Request>()),
);

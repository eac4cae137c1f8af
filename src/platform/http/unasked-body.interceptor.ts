import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Observable } from 'rxjs';
import type { Request } from './exchange.js';
import { refuseMembers } from './validation.js';

/**
 * A route that reads no body refuses whatever a body says, as one that reads one refuses what it does not know: whoever
 * sends it expects it to do something. Behind the guards, so that a stranger is a stranger first.
 */
@Injectable()
export class UnaskedBodyInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(execution: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const { body, routeOptions } = execution.switchToHttp().getRequest<Request>();
    const isTaken = takesBody(execution) || routeOptions.config.formFileBytes !== undefined;
    if (body !== undefined && !isTaken) refuseMembers(body);
    return next.handle();
  }
}

function takesBody(execution: ExecutionContext): boolean {
  const taken: unknown = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    execution.getClass(),
    execution.getHandler().name,
  );
  if (typeof taken !== 'object' || taken === null) return false;
  return Object.keys(taken).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
}

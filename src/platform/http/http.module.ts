import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { CursorCodec } from './cursor.js';
import { ProblemsController } from './documentation/problems.controller.js';
import { IdempotencyStore } from './idempotency/idempotency.store.js';
import { IdempotentWork } from './idempotency/idempotent-work.js';
import { NegotiationGuard } from './negotiation.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { RateLimits } from './rate-limits.js';
import { RevisionInterceptor } from './revision.interceptor.js';
import { RouteTable } from './route-table.js';
import { UnaskedBodyInterceptor } from './unasked-body.interceptor.js';
import { RequestValidationPipe } from './validation.js';

/** The conventions of the contract, once for every route. */
@Global()
@Module({
  controllers: [ProblemsController],
  providers: [
    CursorCodec,
    IdempotencyStore,
    IdempotentWork,
    RateLimits,
    RouteTable,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: NegotiationGuard },
    { provide: APP_INTERCEPTOR, useClass: UnaskedBodyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: RevisionInterceptor },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
  ],
  exports: [CursorCodec, IdempotencyStore, IdempotentWork, RateLimits, RouteTable],
})
export class HttpModule {}

import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { Settings } from '../../../platform/config/settings.js';
import { refusalsOf, type Request } from '../../../platform/http/index.js';
import { SessionGuard } from './session.guard.js';

/** Lets through whoever gave a second factor within the last minutes; comes behind `SessionGuard`. */
@Injectable()
export class StepUpGuard implements CanActivate {
  readonly #clock: Clock;
  readonly #minutes: number;

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#minutes = settings.sessions.stepUpMinutes;
  }

  canActivate(execution: ExecutionContext): boolean {
    const { user } = execution.switchToHttp().getRequest<Request>();
    const isFresh =
      user !== undefined &&
      'secondFactorAt' in user &&
      this.#clock.now().getTime() - user.secondFactorAt.getTime() < this.#minutes * 60_000;
    if (!isFresh) throw new Failure('step_up_required');
    return true;
  }
}

/** A signed-in person's route that wants a fresh second factor as well: a stolen session alone opens it not. */
export const StepUp = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseGuards(SessionGuard, StepUpGuard),
    ApiBearerAuth('session'),
    refusalsOf('step-up', ['step_up_required']),
  );

import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';

type ReadinessCheck = () => Promise<HealthIndicatorResult>;

/** What rooms above say about being ready: each adds its check when it starts. */
@Injectable()
export class ReadinessChecks {
  readonly #indicators: HealthIndicatorService;
  readonly #checks: ReadinessCheck[] = [];

  constructor(indicators: HealthIndicatorService) {
    this.#indicators = indicators;
  }

  /** @param holds resolves when the room can do its work and rejects when not */
  add(name: string, holds: () => Promise<void>): void {
    this.#checks.push(async () => {
      const indicator = this.#indicators.check(name);
      try {
        await holds();
        return indicator.up();
      } catch {
        // Which room is down is enough here; the room itself logs why.
        return indicator.down();
      }
    });
  }

  all(): readonly ReadinessCheck[] {
    return this.#checks;
  }
}

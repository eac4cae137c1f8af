import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../kernel/clock.js';
import { Randomness, SystemRandomness } from '../../kernel/randomness.js';
import { Settings } from './settings.js';

/** What only a test replaces. */
export interface Sources {
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}

/** Makes the settings, the clock and the randomness of this process injectable everywhere. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: Settings, sources: Sources = {}): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Clock, useValue: sources.clock ?? new SystemClock() },
        { provide: Randomness, useValue: sources.randomness ?? new SystemRandomness() },
      ],
      exports: [Settings, Clock, Randomness],
    };
  }
}

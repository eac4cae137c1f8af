import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../kernel/clock.js';
import { Randomness, SystemRandomness } from '../../kernel/randomness.js';
import { OutboundNetwork, PublicInternet } from '../outbound/outbound-network.js';
import { Settings } from './settings.js';

/** What only a test replaces. */
export interface Sources {
  readonly clock?: Clock;
  readonly randomness?: Randomness;
  readonly network?: OutboundNetwork;
}

/** Makes the settings, the clock, the randomness and the network of this process injectable everywhere. */
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
        { provide: OutboundNetwork, useValue: sources.network ?? new PublicInternet() },
      ],
      exports: [Settings, Clock, Randomness, OutboundNetwork],
    };
  }
}

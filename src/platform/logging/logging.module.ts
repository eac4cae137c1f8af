import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Logger } from './logger.js';

@Global()
@Module({
  providers: [
    { provide: Logger, inject: [Settings], useFactory: (settings: Settings) => new Logger(settings) },
  ],
  exports: [Logger],
})
export class LoggingModule {}

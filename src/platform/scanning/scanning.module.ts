import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clamd } from './clamd.js';
import { MalwareScanner, NoScanner } from './malware-scanner.js';

@Global()
@Module({
  providers: [
    {
      provide: MalwareScanner,
      inject: [Settings],
      useFactory: ({ documents: { scanner } }: Settings): MalwareScanner =>
        scanner === undefined ? new NoScanner() : new Clamd(scanner),
    },
  ],
  exports: [MalwareScanner],
})
export class ScanningModule {}

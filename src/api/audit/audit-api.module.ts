import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { AuditorEntries } from './auditor-entries.js';
import { CheckpointsController } from './checkpoints/checkpoints.controller.js';
import { Checkpoints } from './checkpoints/checkpoints.service.js';
import { EventsController } from './events/events.controller.js';
import { Events } from './events/events.service.js';
import { ExportController } from './export/export.controller.js';
import { Exports } from './export/export.service.js';
import { OverviewController } from './overview/overview.controller.js';
import { Overview } from './overview/overview.service.js';

@Module({
  imports: [IdentityModule],
  controllers: [EventsController, CheckpointsController, OverviewController, ExportController],
  providers: [AuditorEntries, Events, Checkpoints, Overview, Exports],
})
export class AuditApiModule {}

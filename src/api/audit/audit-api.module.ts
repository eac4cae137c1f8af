import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { Audit } from './audit.service.js';
import { CheckpointsController } from './checkpoints.controller.js';
import { EventsController } from './events.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [EventsController, CheckpointsController],
  providers: [Audit],
})
export class AuditApiModule {}

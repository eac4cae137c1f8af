import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { OperatorRecoveriesController } from './recoveries/recoveries.controller.js';
import { AccountSessionsController } from './sessions/account-sessions.controller.js';
import { StaffController } from './staff/staff.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [StaffController, OperatorRecoveriesController, AccountSessionsController],
})
export class OperatorApiModule {}

import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { StaffController } from './staff/staff.controller.js';

@Module({ imports: [IdentityModule], controllers: [StaffController] })
export class OperatorApiModule {}

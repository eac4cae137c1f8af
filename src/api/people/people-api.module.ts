import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { InvitationsController } from './invitations.controller.js';
import { RegistrationController } from './registration.controller.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [RegistrationController, InvitationsController, SessionsController],
})
export class PeopleApiModule {}

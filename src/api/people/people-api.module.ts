import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { MailedTokensController } from './mailed-tokens.controller.js';
import { OwnAccountController } from './own-account.controller.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { RegistrationController } from './registration.controller.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [
    RegistrationController,
    SessionsController,
    OwnSessionsController,
    OwnAccountController,
    MailedTokensController,
  ],
})
export class PeopleApiModule {}

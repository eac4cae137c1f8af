import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { FederationController } from './federation.controller.js';
import { IdentitiesController } from './identities.controller.js';
import { PasskeysController } from './passkeys.controller.js';
import { MeController } from './me.controller.js';
import { MailedTokensController } from './mailed-tokens.controller.js';
import { OwnAccountController } from './own-account.controller.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { RecoveriesController } from './recoveries.controller.js';
import { RegistrationController } from './registration.controller.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  imports: [IdentityModule],
  controllers: [
    RegistrationController,
    InvitationsController,
    SessionsController,
    OwnSessionsController,
    PasskeysController,
    FederationController,
    IdentitiesController,
    MeController,
    OwnAccountController,
    MailedTokensController,
    RecoveriesController,
  ],
})
export class PeopleApiModule {}

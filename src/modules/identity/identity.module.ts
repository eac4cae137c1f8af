import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Accounts } from './accounts/accounts.js';
import { Registration } from './accounts/registration.js';
import { Tickets } from './accounts/tickets.js';
import { AccountJournal } from './changes/account-journal.js';
import { AddressChange } from './changes/address-change.js';
import { OwnAccount } from './changes/own-account.js';
import { PasswordChange } from './changes/password-change.js';
import { PendingChanges } from './changes/pending-changes.js';
import { RecoveryCodesRenewal } from './changes/recovery-codes-renewal.js';
import { TotpReplacement } from './changes/totp-replacement.js';
import { CleanUp } from './clean-up.js';
import { MailDelivery } from './notices/mail-delivery.js';
import { Notices } from './notices/notices.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { AccountEntity } from './persistence/account.entity.js';
import { OutgoingMailEntity } from './persistence/outgoing-mail.entity.js';
import { PendingChangeEntity } from './persistence/pending-change.entity.js';
import { RequestEntity } from './persistence/request.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { PasswordReset } from './recovery/password-reset.js';
import { QueuedRequests } from './recovery/queued-requests.js';
import { SessionEnds } from './sessions/session-ends.js';
import { SessionRows } from './sessions/session-rows.js';
import { Sessions } from './sessions/sessions.js';
import { StepUpGuard } from './sessions/step-up.js';
import { SignIn } from './sessions/sign-in.js';
import { Staff } from './staff/staff.js';
import { Enrolment } from './totp/enrolment.js';
import { SecondFactor } from './totp/second-factor.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      AccountEntity,
      TicketEntity,
      SessionEntity,
      OutgoingMailEntity,
      PendingChangeEntity,
      RequestEntity,
    ]),
    SecurityRecordsModule,
  ],
  providers: [
    Accounts,
    PasswordHashing,
    SecondFactor,
    Tickets,
    Notices,
    MailDelivery,
    SessionRows,
    SessionEnds,
    Sessions,
    SignIn,
    Registration,
    Enrolment,
    Staff,
    AccountJournal,
    OwnAccount,
    PendingChanges,
    PasswordChange,
    AddressChange,
    TotpReplacement,
    RecoveryCodesRenewal,
    PasswordReset,
    QueuedRequests,
    CleanUp,
    SessionStrategy,
    SessionGuard,
    StepUpGuard,
  ],
  exports: [
    Accounts,
    Sessions,
    SessionEnds,
    SignIn,
    Registration,
    Enrolment,
    Staff,
    Notices,
    MailDelivery,
    PasswordChange,
    AddressChange,
    TotpReplacement,
    RecoveryCodesRenewal,
    PasswordReset,
    QueuedRequests,
    CleanUp,
    SessionGuard,
    StepUpGuard,
  ],
})
export class IdentityModule {}

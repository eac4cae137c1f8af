import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Accounts } from './accounts/accounts.js';
import { Admission } from './accounts/admission.js';
import { MailAllowance } from './accounts/mail-allowance.js';
import { PendingPasswords } from './accounts/pending-passwords.js';
import { Registration } from './accounts/registration.js';
import { Tickets } from './accounts/tickets.js';
import { MailDelivery } from './notices/mail-delivery.js';
import { Notices } from './notices/notices.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { AccountEntity } from './persistence/account.entity.js';
import { OutgoingMailEntity } from './persistence/outgoing-mail.entity.js';
import { PendingPasswordEntity } from './persistence/pending-password.entity.js';
import { RegistrationRequestEntity } from './persistence/registration-request.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { StaffEntity } from './persistence/staff.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { Sessions } from './sessions/sessions.js';
import { StepUpGuard } from './sessions/step-up.js';
import { SignIn } from './sessions/sign-in.js';
import { Invitations } from './staff/invitations.js';
import { Staff } from './staff/staff.js';
import { Enrolment } from './totp/enrolment.js';
import { SecondFactor } from './totp/second-factor.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([AccountEntity, TicketEntity, SessionEntity, OutgoingMailEntity]),
    TypeOrmModule.forFeature([RegistrationRequestEntity, PendingPasswordEntity, StaffEntity]),
    SecurityRecordsModule,
  ],
  providers: [
    Accounts,
    PasswordHashing,
    SecondFactor,
    Tickets,
    Notices,
    MailDelivery,
    Sessions,
    SignIn,
    PendingPasswords,
    MailAllowance,
    Registration,
    Admission,
    Enrolment,
    Invitations,
    Staff,
    SessionStrategy,
    SessionGuard,
    StepUpGuard,
  ],
  exports: [
    Accounts,
    Sessions,
    SignIn,
    Registration,
    Admission,
    Enrolment,
    Invitations,
    Staff,
    Notices,
    MailDelivery,
    SessionGuard,
    StepUpGuard,
  ],
})
export class IdentityModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Accounts } from './accounts/accounts.js';
import { Registration } from './accounts/registration.js';
import { Tickets } from './accounts/tickets.js';
import { MailDelivery } from './notices/mail-delivery.js';
import { Notices } from './notices/notices.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { AccountEntity } from './persistence/account.entity.js';
import { OutgoingMailEntity } from './persistence/outgoing-mail.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
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
    TypeOrmModule.forFeature([AccountEntity, TicketEntity, SessionEntity, OutgoingMailEntity]),
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
    SessionGuard,
    StepUpGuard,
  ],
})
export class IdentityModule {}

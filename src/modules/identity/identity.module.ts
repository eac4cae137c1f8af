import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PersonalDataModule } from '../personal-data/index.js';
import { SecurityRecordsModule } from '../security-records/index.js';
import { AccountLookup } from './accounts/account-lookup.js';
import { Accounts } from './accounts/accounts.js';
import { DecoyAccount } from './accounts/decoy-account.js';
import { Admission } from './accounts/admission.js';
import { MailAllowance } from './accounts/mail-allowance.js';
import { PendingPasswords } from './accounts/pending-passwords.js';
import { Registration } from './accounts/registration.js';
import { UnattendedSignUp } from './accounts/unattended-sign-up.js';
import { Tickets } from './accounts/tickets.js';
import { UnconfirmedAccounts } from './accounts/unconfirmed-accounts.js';
import { FederatedIdentities } from './federation/federated-identities.js';
import { FederatedSignIn } from './federation/federated-sign-in.js';
import { Federation } from './federation/federation.js';
import { FederationStates } from './federation/federation-states.js';
import { IdentityProviders } from './federation/identity-providers.js';
import { OwnIdentities } from './federation/own-identities.js';
import { AttemptJournal } from './attempts/attempt-journal.js';
import { AttemptStore } from './attempts/attempt-store.js';
import { Attempts } from './attempts/attempts.js';
import { AccountJournal } from './changes/account-journal.js';
import { AddressChange } from './changes/address-change.js';
import { OwnAccount } from './changes/own-account.js';
import { OwnSettings } from './changes/own-settings.js';
import { PasswordChange } from './changes/password-change.js';
import { PendingChanges } from './changes/pending-changes.js';
import { RecoveryCodesRenewal } from './changes/recovery-codes-renewal.js';
import { TotpReplacement } from './changes/totp-replacement.js';
import { CleanUp } from './clean-up.js';
import { AccountData } from './departures/account-data.js';
import { CandidateDepartures } from './departures/candidate-departures.js';
import { MailDelivery } from './notices/mail-delivery.js';
import { MailFates } from './notices/mail-fates.js';
import { Outbox } from './notices/outbox.js';
import { OutboxSweep } from './notices/outbox-sweep.js';
import { Notices } from './notices/notices.js';
import { UndeliverableMail } from './notices/undeliverable-mail.js';
import { AccountPassword } from './passwords/account-password.js';
import { HashingQueue } from './passwords/hashing-queue.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { PasswordCheck } from './passwords/password-check.js';
import { PasswordStrength } from './passwords/strength.js';
import { AccountEntity } from './persistence/account.entity.js';
import { PasskeyChallenges } from './passkeys/challenges.js';
import { OwnPasskeys } from './passkeys/own-passkeys.js';
import { PasskeyChanges } from './passkeys/passkey-changes.js';
import { PasskeyFactor } from './passkeys/passkey-factor.js';
import { PasskeyRegistration } from './passkeys/passkey-registration.js';
import { PasskeyRequests } from './passkeys/passkey-requests.js';
import { Passkeys } from './passkeys/passkeys.js';
import { IdentityStatements } from './persistence/identity-statements.js';
import { FederatedIdentityEntity } from './persistence/federated-identity.entity.js';
import { FederationStateEntity } from './persistence/federation-state.entity.js';
import { OutgoingMailEntity } from './persistence/outgoing-mail.entity.js';
import { PasskeyChallengeEntity } from './persistence/passkey-challenge.entity.js';
import { PasskeyEntity } from './persistence/passkey.entity.js';
import { PendingPasswordEntity } from './persistence/pending-password.entity.js';
import { RegistrationRequestEntity } from './persistence/registration-request.entity.js';
import { PendingChangeEntity } from './persistence/pending-change.entity.js';
import { RecoveryEntity } from './persistence/recovery.entity.js';
import { RequestEntity } from './persistence/request.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { StaffEntity } from './persistence/staff.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { SessionGuard } from './sessions/session.guard.js';
import { SessionStrategy } from './sessions/session.strategy.js';
import { PasswordReset } from './recovery/password-reset.js';
import { AddedFactors } from './recovery/added-factors.js';
import { QueuedRequests } from './recovery/queued-requests.js';
import { Recoveries } from './recovery/recoveries.js';
import { RecoveryApproval } from './recovery/recovery-approval.js';
import { RecoveryProgress } from './recovery/recovery-progress.js';
import { Recovery } from './recovery/recovery.js';
import { RestoredRecoveries } from './recovery/restored-recoveries.js';
import { SessionCheck } from './sessions/session-check.js';
import { SessionEnds } from './sessions/session-ends.js';
import { SessionTermination } from './sessions/session-termination.js';
import { SessionRows } from './sessions/session-rows.js';
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
    TypeOrmModule.forFeature([
      PasskeyEntity,
      PasskeyChallengeEntity,
      FederatedIdentityEntity,
      FederationStateEntity,
    ]),
    TypeOrmModule.forFeature([RegistrationRequestEntity, PendingPasswordEntity, StaffEntity]),
    TypeOrmModule.forFeature([PendingChangeEntity, RecoveryEntity, RequestEntity]),
    SecurityRecordsModule,
    PersonalDataModule,
  ],
  providers: [
    Accounts,
    AccountLookup,
    DecoyAccount,
    AccountPassword,
    Attempts,
    AttemptJournal,
    AttemptStore,
    HashingQueue,
    PasswordHashing,
    PasswordCheck,
    PasswordStrength,
    SecondFactor,
    Tickets,
    Notices,
    UndeliverableMail,
    MailFates,
    Outbox,
    MailDelivery,
    OutboxSweep,
    IdentityStatements,
    SessionRows,
    SessionCheck,
    SessionEnds,
    SessionTermination,
    Sessions,
    UnattendedSignUp,
    SignIn,
    PendingPasswords,
    UnconfirmedAccounts,
    MailAllowance,
    Registration,
    Admission,
    Enrolment,
    Invitations,
    Staff,
    AccountJournal,
    OwnAccount,
    OwnSettings,
    PendingChanges,
    PasswordChange,
    AddressChange,
    TotpReplacement,
    RecoveryCodesRenewal,
    PasswordReset,
    AddedFactors,
    Recoveries,
    Recovery,
    RecoveryApproval,
    RecoveryProgress,
    RestoredRecoveries,
    QueuedRequests,
    CleanUp,
    CandidateDepartures,
    AccountData,
    SessionStrategy,
    SessionGuard,
    StepUpGuard,
    Passkeys,
    PasskeyChallenges,
    PasskeyRequests,
    PasskeyFactor,
    PasskeyChanges,
    PasskeyRegistration,
    OwnPasskeys,
    FederatedIdentities,
    FederationStates,
    IdentityProviders,
    Federation,
    FederatedSignIn,
    OwnIdentities,
  ],
  exports: [
    Accounts,
    Sessions,
    UnattendedSignUp,
    SessionEnds,
    SessionTermination,
    SignIn,
    Registration,
    Admission,
    Enrolment,
    Invitations,
    Staff,
    Notices,
    MailFates,
    MailDelivery,
    OutboxSweep,
    OwnSettings,
    PasswordChange,
    AddressChange,
    TotpReplacement,
    RecoveryCodesRenewal,
    PasswordReset,
    Recovery,
    RecoveryApproval,
    RecoveryProgress,
    RestoredRecoveries,
    QueuedRequests,
    CleanUp,
    CandidateDepartures,
    SessionGuard,
    StepUpGuard,
    PasskeyRequests,
    PasskeyRegistration,
    OwnPasskeys,
    Federation,
    FederatedSignIn,
    OwnIdentities,
  ],
})
export class IdentityModule {}

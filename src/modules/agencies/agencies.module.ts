import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Agencies } from './agencies.js';
import { AgencyModes } from './agency-modes.js';
import { AgencyRegister } from './agency-register.js';
import { AgencyAccess } from './agency-access.js';
import { AgencyGuard } from './agency.guard.js';
import { AgencyStrategy } from './agency.strategy.js';
import { Assertions } from './authorization-server/assertions.js';
import { AuthorizationServer } from './authorization-server/authorization-server.js';
import { Refusals } from './authorization-server/refusals.js';
import { SigningKeys } from './authorization-server/signing-keys.js';
import { Budgets } from './budgets/budgets.js';
import { ClientChanges } from './clients/client-changes.js';
import { ClientRegister } from './clients/client-register.js';
import { ClientRows } from './clients/client-rows.js';
import { Clients } from './clients/clients.js';
import { AgencyEntity } from './persistence/agency.entity.js';
import { BudgetEntity } from './persistence/budget.entity.js';
import { ClientEntity } from './persistence/client.entity.js';
import { IssuedTokens } from './persistence/issued-tokens.js';
import { PresentedTokens } from './persistence/presented-tokens.js';
import { ReplayStore } from './persistence/replay-store.js';
import { Sweeping } from './persistence/sweeping.js';
import { TokenStore } from './persistence/token-store.js';
import { TokenEntries } from './token-entries.js';

@Module({
  imports: [TypeOrmModule.forFeature([AgencyEntity, BudgetEntity, ClientEntity]), SecurityRecordsModule],
  providers: [
    Agencies,
    AgencyModes,
    AgencyRegister,
    Budgets,
    ClientRows,
    Clients,
    ClientChanges,
    ClientRegister,
    TokenStore,
    IssuedTokens,
    ReplayStore,
    PresentedTokens,
    Sweeping,
    TokenEntries,
    SigningKeys,
    Assertions,
    Refusals,
    AuthorizationServer,
    AgencyAccess,
    AgencyStrategy,
    AgencyGuard,
  ],
  exports: [
    Agencies,
    AgencyModes,
    AgencyRegister,
    Budgets,
    Clients,
    ClientChanges,
    ClientRegister,
    AuthorizationServer,
    SigningKeys,
    AgencyAccess,
    AgencyGuard,
  ],
})
export class AgenciesModule {}

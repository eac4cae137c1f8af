import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Agencies } from './agencies.js';
import { AgencyGuard } from './agency.guard.js';
import { AgencyStrategy } from './agency.strategy.js';
import { AuthorizationServer } from './authorization-server/authorization-server.js';
import { SigningKey } from './authorization-server/signing-key.js';
import { Clients } from './clients/clients.js';
import { AgencyEntity } from './persistence/agency.entity.js';
import { ClientEntity } from './persistence/client.entity.js';
import { RecordStore } from './persistence/record-store.js';
import { ReplayStore } from './persistence/replay-store.js';

@Module({
  imports: [TypeOrmModule.forFeature([AgencyEntity, ClientEntity])],
  providers: [
    Agencies,
    Clients,
    RecordStore,
    ReplayStore,
    SigningKey,
    AuthorizationServer,
    AgencyStrategy,
    AgencyGuard,
  ],
  exports: [Agencies, Clients, AuthorizationServer, AgencyGuard],
})
export class AgenciesModule {}

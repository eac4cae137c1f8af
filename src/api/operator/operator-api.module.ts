import { Module } from '@nestjs/common';
import { AgenciesModule } from '../../modules/agencies/index.js';
import { ApplicationsModule } from '../../modules/applications/index.js';
import { IdentityModule } from '../../modules/identity/index.js';
import { IncidentsModule } from '../../modules/incidents/index.js';
import { AgenciesController } from './agencies/agencies.controller.js';
import { BudgetController } from './budgets/budget.controller.js';
import { AgencyClientsController } from './clients/agency-clients.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import { ImpactController } from './incidents/impact.controller.js';
import { IncidentDocumentsController } from './incidents/documents.controller.js';
import { IncidentOrdersController } from './incidents/orders.controller.js';
import { IncidentsController } from './incidents/incidents.controller.js';
import { OperatorRecoveriesController } from './recoveries/recoveries.controller.js';
import { AccountSessionsController } from './sessions/account-sessions.controller.js';
import { StaffController } from './staff/staff.controller.js';

@Module({
  imports: [IdentityModule, AgenciesModule, ApplicationsModule, IncidentsModule],
  controllers: [
    StaffController,
    OperatorRecoveriesController,
    AccountSessionsController,
    AgenciesController,
    BudgetController,
    AgencyClientsController,
    ClientsController,
    IncidentsController,
    ImpactController,
    IncidentDocumentsController,
    IncidentOrdersController,
  ],
})
export class OperatorApiModule {}

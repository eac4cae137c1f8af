import { type DynamicModule, Module } from '@nestjs/common';
import { AgencyApiModule } from './api/agency/agency-api.module.js';
import { AuditApiModule } from './api/audit/audit-api.module.js';
import { CandidateApiModule } from './api/candidate/candidate-api.module.js';
import { OAuthApiModule } from './api/oauth/index.js';
import { OperatorApiModule } from './api/operator/operator-api.module.js';
import { PeopleApiModule } from './api/people/people-api.module.js';
import { PublicApiModule } from './api/public/public-api.module.js';
import { CanaryLivesModule } from './modules/canaries/index.js';
import type { Sources } from './platform/config/config.module.js';
import type { Settings } from './platform/config/settings.js';
import { ProcessRecord } from './process-record.js';
import { RoomsModule } from './rooms.module.js';

/** The HTTP process: every room and one edge per audience. */
@Module({})
export class AppModule {
  static with(settings: Settings, sources: Sources = {}): DynamicModule {
    return {
      module: AppModule,
      providers: [ProcessRecord.of('api')],
      imports: [
        RoomsModule.with(settings, sources),
        CanaryLivesModule,
        PublicApiModule,
        PeopleApiModule,
        CandidateApiModule,
        AgencyApiModule,
        OAuthApiModule,
        AuditApiModule,
        OperatorApiModule,
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgenciesModule } from '../agencies/index.js';
import { ApplicationsModule } from '../applications/index.js';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Attempts } from './delivery/attempts.js';
import { Courier } from './delivery/courier.js';
import { DueWork } from './delivery/due-work.js';
import { EndpointPauses } from './delivery/endpoint-pauses.js';
import { EventIntake } from './delivery/event-intake.js';
import { GivenUp } from './delivery/given-up.js';
import { Handout } from './delivery/handout.js';
import { Wakeups } from './delivery/wakeups.js';
import { DestinationCheck } from './endpoints/destination-check.js';
import { EndpointRecords } from './endpoints/endpoint-records.js';
import { Endpoints } from './endpoints/endpoints.js';
import { DeadLetters } from './log/dead-letters.js';
import { Deliveries } from './log/deliveries.js';
import { DeliveryLogStore } from './persistence/delivery-log-store.js';
import { DeliveryStore } from './persistence/delivery-store.js';
import { EndpointEntity } from './persistence/endpoint.entity.js';
import { EventStore } from './persistence/event-store.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([EndpointEntity]),
    AgenciesModule,
    ApplicationsModule,
    SecurityRecordsModule,
  ],
  providers: [
    EndpointRecords,
    DestinationCheck,
    Endpoints,
    EventStore,
    DeliveryStore,
    DeliveryLogStore,
    Wakeups,
    EventIntake,
    Handout,
    GivenUp,
    EndpointPauses,
    Attempts,
    Courier,
    DueWork,
    Deliveries,
    DeadLetters,
  ],
  exports: [Endpoints, Deliveries, DeadLetters, DueWork],
})
export class WebhooksModule {}

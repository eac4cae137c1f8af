import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RotationModule } from '../../sealing/index.js';
import { AgenciesModule } from '../agencies/index.js';
import { IdentityModule } from '../identity/index.js';
import { PersonalDataModule } from '../personal-data/index.js';
import { SecurityRecordsModule } from '../security-records/index.js';
import { Attendance } from './attendance.js';
import { Containment } from './containment/containment.js';
import { ContainmentPlans } from './containment/containment-plans.js';
import { Measures } from './containment/measures.js';
import { AccessingAgencies } from './drafts/accessing-agencies.js';
import { IncidentDocuments } from './drafts/incident-documents.js';
import { AffectedCandidates } from './impact/affected-candidates.js';
import { Impact } from './impact/impact.js';
import { IncidentOrders } from './incident-orders.js';
import { IncidentRecords } from './incident-records.js';
import { Incidents } from './incidents.js';
import { KnownCriteria } from './known-criteria.js';
import { ClosingNotes } from './notification/closing-notes.js';
import { LetterFates } from './notification/letter-fates.js';
import { LetterStates } from './notification/letter-states.js';
import { NoticeRows } from './notification/notice-rows.js';
import { Notification } from './notification/notification.js';
import { OwnIncidents } from './notification/own-incidents.js';
import { Untold } from './notification/untold.js';
import { OrderWork } from './order-work.js';
import { IncidentEntity } from './persistence/incident.entity.js';
import { NoticeEntity } from './persistence/notice.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([IncidentEntity, NoticeEntity]),
    RotationModule,
    AgenciesModule,
    IdentityModule,
    PersonalDataModule,
    SecurityRecordsModule,
  ],
  providers: [
    IncidentRecords,
    KnownCriteria,
    Incidents,
    AffectedCandidates,
    Impact,
    LetterStates,
    LetterFates,
    NoticeRows,
    ClosingNotes,
    Untold,
    Notification,
    ContainmentPlans,
    Measures,
    Containment,
    Attendance,
    IncidentOrders,
    OrderWork,
    OwnIncidents,
    AccessingAgencies,
    IncidentDocuments,
  ],
  exports: [
    Incidents,
    Impact,
    LetterStates,
    Notification,
    Containment,
    IncidentOrders,
    OrderWork,
    OwnIncidents,
    IncidentDocuments,
  ],
})
export class IncidentsModule {}

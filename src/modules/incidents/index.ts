export { Containment } from './containment/containment.js';
export { CONTAINMENT_STEPS, type ContainmentPlan, type ContainmentStep } from './containment/plan.js';
export { CRITERIA, type Criteria } from './criteria.js';
export { type Draft, DRAFTS, IncidentDocuments } from './drafts/incident-documents.js';
export { Impact, type ImpactTotal } from './impact/impact.js';
export { whyLowerBound } from './impact/lower-bound.js';
export { IncidentOrders } from './incident-orders.js';
export type { Incident, IncidentId, ListedIncident } from './incident.js';
export { Incidents } from './incidents.js';
export { IncidentsModule } from './incidents.module.js';
export {
  type Addressed,
  LETTER_STATES,
  type LetterState,
  LetterStates,
  type Reached,
} from './notification/letter-states.js';
export type { OwnNotice } from './notification/notice-rows.js';
export { Notification } from './notification/notification.js';
export { OwnIncidents } from './notification/own-incidents.js';
export { OrderWork } from './order-work.js';

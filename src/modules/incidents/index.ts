export { CRITERIA, type Criteria } from './criteria.js';
export type { Affected } from './impact/affected-candidates.js';
export { Impact, type ImpactTotal } from './impact/impact.js';
export { IncidentRecords } from './incident-records.js';
export type { Incident, IncidentId, ListedIncident } from './incident.js';
export { Incidents } from './incidents.js';
export { IncidentsModule } from './incidents.module.js';

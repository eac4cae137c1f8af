export { Readmission, type RecordRows } from './readmission.js';
export { RecordResealing } from './resealing.js';
export { SecurityRecordsModule } from './security-records.module.js';
export { type RecordTable, StandingRecords } from './standing-records.js';

export { KeptRecords } from './kept-records.js';
export type { RecordRows } from './readmission.js';
export { SecurityRecordsModule } from './security-records.module.js';
export { type RecordTable, StandingRecords } from './standing-records.js';

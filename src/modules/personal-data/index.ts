export { PersonalData } from './personal-data.js';
export { PersonalDataModule } from './personal-data.module.js';
export type { ExportFile, PersonalDataSource, RecordFile, Withheld } from './personal-data-source.js';

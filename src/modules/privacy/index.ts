export { type Consent, Consents } from './consents/consents.js';
export { CONSENT_PURPOSES, type ConsentPurpose, currentWording } from './consents/purposes.js';
export { CandidateErasures, type Holdings } from './erasure/candidate-erasures.js';
export type { Acknowledged } from './erasure/erasure.js';
export { ErasureWork } from './erasure/erasure-work.js';
export { Erasures } from './erasure/erasures.js';
export { PersonalExports } from './export/personal-exports.js';
export { PrivacyModule } from './privacy.module.js';

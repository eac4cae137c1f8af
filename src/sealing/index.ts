export { BlindIndex, normaliseEmail } from './blind-index.js';
export type { Position } from './format/binding.js';
export { INSTALLATION } from './installation.js';
export { IndexKeys } from './keys/index-keys.js';
export { SubjectKeys } from './keys/subject-keys.js';
export {
  type OperationalPlace,
  type PersonalPlace,
  type Place,
  place,
  type PlaceName,
  PLACES,
} from './places.js';
export { createLocalKeyring } from './providers/local-keyring.js';
export type { RecordColumn, RecordKind } from './records/record-mac.js';
export { type RecordRefusal, SecurityRecords } from './records/security-records.js';
export { asSealed, type Sealed } from './sealed.js';
export { Sealer } from './sealer.js';
export { SealingModule } from './sealing.module.js';

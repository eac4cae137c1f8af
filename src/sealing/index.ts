export { BlindIndex, type EmailIndex, normaliseEmail } from './blind-index.js';
export type { IndexState } from './blind-index-phase.js';
export type { DocumentKey } from './documents/document-key.js';
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
export { KeyProbe } from './providers/key-probe.js';
export { createLocalKeyring } from './providers/keyring-file.js';
export type { RecordColumn, RecordKind, SecurityRecord } from './records/record-mac.js';
export { RowMacs } from './records/row-macs.js';
export {
  type AskedRevision,
  type RecordRefusal,
  SecurityRecords,
  UNNOTED,
} from './records/security-records.js';
export { type KeyEvent, KeyJournal } from './rotation/key-journal.js';
export { type KeyStatus, KeyStatusReader } from './rotation/key-status.js';
export { IndexRotation } from './rotation/index-rotation.js';
export { MasterRotation } from './rotation/master-rotation.js';
export type { Report } from './rotation/progress.js';
export { KeyRewrapping } from './rotation/rewrapping.js';
export { SubjectRotation } from './rotation/subject-rotation.js';
export { RotationModule } from './rotation/rotation.module.js';
export { PlainRowWriter, type RowName, SealedRowWriter } from './rotation/sealed-rows.js';
export { asSealed, type Sealed } from './sealed.js';
export { Sealer } from './sealer.js';
export { SealingModule } from './sealing.module.js';
export { unlessUnreadable } from './unreadable.js';

export { type FinishedNode, Frontier } from './frontier.js';
export { HASH_BYTES, leafHash, rootOf, sha256 } from './hashes.js';
export {
  consistencyProof,
  inclusionProof,
  inclusionProofs,
  nodeFromLeaves,
  type ReadNode,
  rootOfPath,
  rootOfProven,
  verifyConsistency,
  verifyInclusion,
} from './proofs.js';
export {
  type Checkpoint,
  type CheckpointName,
  checkpointText,
  isVerifierKey,
  openNote,
  parseCheckpoint,
  publicKeyFromRaw,
  rawPublicKey,
  signNote,
  verifierKey,
} from './signed-note.js';
export { formatProof } from './tlog-proof.js';
export {
  nodeFromTiles,
  parseTilePath,
  type ReadTile,
  tileIndexPath,
  tileOf,
  type TileRequest,
} from './tiles.js';

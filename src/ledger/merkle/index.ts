export { type FinishedNode, Frontier } from './frontier.js';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash, rootOf } from './hashes.js';
export {
  consistencyProof,
  inclusionProof,
  type ReadNode,
  verifyConsistency,
  verifyInclusion,
} from './proofs.js';
export {
  type Checkpoint,
  checkpointText,
  openNote,
  parseCheckpoint,
  publicKeyFromRaw,
  rawPublicKey,
  signNote,
  verifierKey,
} from './signed-note.js';
export {
  nodeFromTiles,
  parseTilePath,
  type ReadTile,
  TILE_WIDTH,
  tileIndexPath,
  tileOf,
  type TilePosition,
  type TileRequest,
} from './tiles.js';

export { CanariesModule } from './canaries.module.js';
export { CanaryCandidates } from './canary-candidates.js';
export { CanaryList } from './canary-list.js';
export { type CanaryPerson, CanaryPlanting } from './canary-planting.js';

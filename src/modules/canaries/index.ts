export { CanariesModule, CanaryLivesModule } from './canaries.module.js';
export { CanaryList } from './canary-list.js';
export { CanaryLives } from './canary-lives.js';
export { CanaryOrders } from './canary-orders.js';
export type { CanaryPerson } from './planting.js';

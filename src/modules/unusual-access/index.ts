export { explainUnusual } from './explanations.js';
export { UnusualAccessModule } from './unusual-access.module.js';
export { UnusualAccessWatch } from './unusual-access-watch.js';

export { explainAlert } from './alert.js';
export { AlertWatch } from './alert-watch.js';
export { AlertsModule } from './alerts.module.js';

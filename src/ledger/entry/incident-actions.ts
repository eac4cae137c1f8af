import { action, type ActionMeaning } from './action.js';

/** What operators do about an incident. */
export const INCIDENT_ACTIONS = {
  'incident.opened': action('incident', 'opened an incident', 'a ouvert un incident', 'warning'),
  'incident.listed': action('incident', 'listed incidents', 'a listé des incidents'),
  'incident.impact_read': action(
    'incident',
    'read whose data an incident affects',
    'a consulté les personnes concernées par un incident',
  ),
  'incident.exported': action(
    'incident',
    'exported what is known of an incident',
    'a exporté les éléments d’un incident',
  ),
  'incident.notified': action(
    'incident',
    'told those affected by an incident',
    'a informé les personnes concernées par un incident',
  ),
  'incident.notification_ordered': action(
    'incident',
    'ordered that those affected by an incident be told',
    'a ordonné d’informer les personnes concernées par un incident',
  ),
  'incident.containment_read': action(
    'incident',
    'looked at what containing an incident would do',
    'a consulté ce que ferait le confinement d’un incident',
  ),
  'incident.containment_ordered': action(
    'incident',
    'ordered that an incident be contained',
    'a ordonné le confinement d’un incident',
    'warning',
  ),
  'incident.closed': action('incident', 'closed an incident', 'a clos un incident'),
} as const satisfies Record<string, ActionMeaning>;

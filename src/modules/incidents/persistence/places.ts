import { place } from '../../../sealing/index.js';
import type { IncidentDetails } from '../incident.js';

export const INCIDENT_DETAILS = place<IncidentDetails>()('incidents_incident.details');

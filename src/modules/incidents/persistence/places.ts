import { place } from '../../../sealing/index.js';
import type { IncidentDetails } from '../incident.js';

/** What a candidate was told of what an incident exposed of theirs. Times are RFC 3339. */
export interface Told {
  /** None where all that is held was given. */
  readonly fields: readonly string[];
  /** How many accesses. */
  readonly entries: number;
  readonly first: string;
  readonly last: string;
  /** Whether more of it than is named may have been seen. Of what was told before this was noted, it is not known. */
  readonly isLowerBound?: boolean;
}

export const INCIDENT_DETAILS = place<IncidentDetails>()('incidents_incident.details');
export const TOLD = place<Told>()('incidents_notice.told');

import { BRETAGNE } from './agencies/bretagne.js';
import { CULTURE } from './agencies/culture.js';
import { LILLE_HOSPITAL } from './agencies/lille-hospital.js';
import { LYON } from './agencies/lyon.js';
import { TRANSITION } from './agencies/transition-ecologique.js';
import type { DemoAgency } from './agencies/vacancy-row.js';

/** Agencies of the State, of local authorities and of hospitals, and what they are looking for. */
export const DEMO_AGENCIES: readonly DemoAgency[] = [CULTURE, TRANSITION, BRETAGNE, LILLE_HOSPITAL, LYON];

import { place } from '../../../sealing/index.js';
import type { Planting } from '../planting.js';

export const PLANTING = place<Planting>()('canaries_planting.content');

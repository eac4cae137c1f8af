/** Told to every process when a subject's keys are destroyed or rotated. The payload is the subject's id. */
export const SUBJECT_KEY_CHANNEL = 'sceau_subject_key';

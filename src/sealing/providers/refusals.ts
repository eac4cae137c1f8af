import { Failure } from '../../kernel/errors.js';

/** The version that wraps now cannot be destroyed. */
export function currentVersion(version: number): Failure {
  return new Failure('conflict', {
    detail: {
      en: `Version ${version} is current: rotate first.`,
      fr: `La version ${version} est la version courante : effectuez d'abord une rotation.`,
    },
  });
}

export function olderVersion(oldest: number): Failure {
  return new Failure('conflict', {
    detail: {
      en: `Versions are destroyed from the oldest on: retire version ${oldest} first.`,
      fr: `Les versions sont détruites de la plus ancienne à la plus récente : retirez d'abord la version ${oldest}.`,
    },
  });
}

export function rotatedMeanwhile(): Failure {
  return new Failure('conflict', {
    detail: {
      en: 'The master key was rotated by somebody else at the same moment.',
      fr: "Quelqu'un d'autre a effectué une rotation de la clé maîtresse au même moment.",
    },
  });
}

import { action, type ActionMeaning } from './action.js';

/** What is done with documents. */
export const DOCUMENT_ACTIONS = {
  'document.uploaded': action('document', 'uploaded a document', 'a déposé un document'),
  'document.listed': action('profile', 'listed the documents', 'a listé les documents'),
  'document.read': action('document', 'downloaded a document', 'a téléchargé un document'),
  'document.deleted': action('document', 'deleted a document', 'a supprimé un document'),
  'document.disclosed': action(
    'document',
    'read a document of the application',
    'a lu un document de la candidature',
  ),
  'document.infected': action(
    'document',
    'was refused a file in which malware was found',
    "s'est vu refuser un fichier contenant un logiciel malveillant",
    'warning',
  ),
  'document.quarantined': action(
    'document',
    'found malware in a document and locked it away',
    'a détecté un logiciel malveillant dans un document et l’a mis en quarantaine',
    'warning',
  ),
} as const satisfies Record<string, ActionMeaning>;

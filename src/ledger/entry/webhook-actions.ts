import { action, type ActionMeaning } from './action.js';

/** What is done with webhook endpoints, and what becomes of what is sent there. */
export const WEBHOOK_ACTIONS = {
  'webhook.read': action('webhook', 'asked for a webhook endpoint', 'a demandé un point de réception'),
  'webhook.created': action('webhook', 'registered a webhook endpoint', 'a enregistré un point de réception'),
  'webhook.changed': action('webhook', 'changed a webhook endpoint', 'a modifié un point de réception'),
  'webhook.deleted': action('webhook', 'deleted a webhook endpoint', 'a supprimé un point de réception'),
  'webhook.secret_rotated': action(
    'webhook',
    'renewed the secret of a webhook endpoint',
    "a renouvelé le secret d'un point de réception",
  ),
  'webhook.tested': action(
    'webhook',
    'had a test event sent to a webhook endpoint',
    "a demandé l'envoi d'un évènement d'essai à un point de réception",
  ),
  'webhook.replayed': action(
    'webhook',
    'had events sent again to a webhook endpoint',
    "a demandé un nouvel envoi d'évènements à un point de réception",
  ),
  'webhook.destination_refused': action(
    'webhook',
    'was refused a webhook address that is not a public one',
    "s'est vu refuser une adresse de réception qui n'est pas publique",
    'warning',
  ),
  'webhook.gone': action(
    'webhook',
    'switched off a webhook endpoint whose receiver says that it is no more',
    "a désactivé un point de réception dont le destinataire dit qu'il n'existe plus",
  ),
  'webhook.given_up': action(
    'webhook',
    'gave up sending an event to a webhook endpoint',
    'a renoncé à envoyer un évènement à un point de réception',
  ),
} as const satisfies Record<string, ActionMeaning>;

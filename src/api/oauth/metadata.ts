import { AGENCY_SCOPES, SIGNATURE_ALGORITHMS } from '../../modules/agencies/index.js';
import { Nested, Text, Texts, YesNo } from '../../platform/http/fields.js';

/** RFC 8705 §5. */
export class MutualTlsAliases {
  @Text({ max: 200, example: 'https://mtls.candidatures.example.fr/oauth/token' })
  readonly token_endpoint: string;

  @Text({ max: 200, example: 'https://mtls.candidatures.example.fr/oauth/introspect' })
  readonly introspection_endpoint: string;

  @Text({ max: 200, example: 'https://mtls.candidatures.example.fr/oauth/revoke' })
  readonly revocation_endpoint: string;
}

/** RFC 8414 §2. */
export class ServerMetadata {
  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth' })
  readonly issuer: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/token' })
  readonly token_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/introspect' })
  readonly introspection_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/revoke' })
  readonly revocation_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/jwks' })
  readonly jwks_uri: string;

  @Texts({ max: 20, example: AGENCY_SCOPES })
  readonly scopes_supported: string[];

  @Texts({ max: 0, example: [] })
  readonly response_types_supported: string[];

  @Texts({ max: 5, example: ['client_credentials'] })
  readonly grant_types_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly token_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: SIGNATURE_ALGORITHMS })
  readonly token_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly introspection_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: SIGNATURE_ALGORITHMS })
  readonly introspection_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly revocation_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: SIGNATURE_ALGORITHMS })
  readonly revocation_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: SIGNATURE_ALGORITHMS })
  readonly dpop_signing_alg_values_supported: string[];

  @YesNo({ example: true, description: 'Whether tokens can be bound to TLS certificates (RFC 8705 §3.3)' })
  readonly tls_client_certificate_bound_access_tokens: boolean;

  @Nested(() => MutualTlsAliases, { optional: true })
  readonly mtls_endpoint_aliases?: MutualTlsAliases;
}

/** RFC 9728 §2. */
export class ResourceMetadata {
  @Text({ max: 200, example: 'https://candidatures.example.fr/v1' })
  readonly resource: string;

  @Texts({ max: 1, example: ['https://candidatures.example.fr/oauth'] })
  readonly authorization_servers: string[];

  @Texts({ max: 20, example: AGENCY_SCOPES })
  readonly scopes_supported: string[];

  @Texts({ max: 1, example: [] })
  readonly bearer_methods_supported: string[];

  @Texts({ max: 5, example: SIGNATURE_ALGORITHMS })
  readonly dpop_signing_alg_values_supported: string[];

  @YesNo({ example: true })
  readonly dpop_bound_access_tokens_required: boolean;

  @YesNo({ example: false })
  readonly tls_client_certificate_bound_access_tokens: boolean;
}

#!/bin/sh
# Gives the process the secrets that lie in files: NAME_FILE=/run/secrets/x sets NAME to what x holds.
set -eu
for name in DATABASE_URL DATABASE_APP_URL DATABASE_AUDITOR_URL DATABASE_SEQUENCER_URL KEYSTORE_URL KEYSTORE_OWNER_URL SMTP_URL; do
  eval "file=\${${name}_FILE:-}"
  if [ -n "$file" ]; then
    [ -r "$file" ] || { echo "sceau: ${name}_FILE names a file that cannot be read." >&2; exit 2; }
    value=$(cat "$file")
    export "$name=$value"
    unset "${name}_FILE"
  fi
done
exec "$@"

#!/usr/bin/env bash
# credentials.sh, which plan.sh and apply.sh source, hands the secrets MASTER_USER_PASSWORDS and STATE_CREDENTIALS to Terraform, as far as
# they are the stack's, and masks them: GitHub masks a secret as a whole only. What is wrong with one, it hands to their function `fail`.
set -euo pipefail
: "${stack:?}"
secrets='[]' # as JSON

# hide VALUE keeps it out of the log and of what `redacted` lets through.
hide() {
  local value=${1//'%'/%25}
  value=${value//$'\r'/%0D}
  printf '::add-mask::%s\n' "${value//$'\n'/%0A}"
  secrets=$(jq -c --arg value "$1" '. + [$value, ($value | tojson | .[1:-1])] + ($value | split("\n") | map(select(length >= 8))) | map(select(. != "")) | unique
    | sort_by(-length)' <<<"$secrets")
}

# A text without those secrets. Terraform hides what it knows to be sensitive by itself; other programs' words it passes on.
redacted() { jq -Rrs --argjson secrets "$secrets" 'reduce $secrets[] as $secret (.; split($secret) | join("***"))'; }

# The same, line by line as they come.
redacted_lines() { jq --unbuffered -Rr --argjson secrets "$secrets" 'reduce $secrets[] as $secret (.; split($secret) | join("***"))'; }

# A secret that is not set arrives as an empty one, which must not be planned as the new password.
if [ -n "${MASTER_USER_PASSWORDS-}" ]; then
  password=$(jq -r --arg stack "$stack" '.[$stack] // empty' <<<"$MASTER_USER_PASSWORDS" 2>/dev/null) ||
    fail 'the secret MASTER_USER_PASSWORDS is no JSON object; it takes {"prod": PASSWORD, ...}.'
  if [ -n "$password" ]; then
    hide "$password"
    export TF_VAR_master_user_password=$password
  fi
fi

# Variables of the backends that spec knows, and no others: one that is called PATH would decide which Terraform runs.
if [ -n "${STATE_CREDENTIALS-}" ]; then
  # shellcheck disable=SC2016 # jq's variables
  own='(with_entries(select(.value | type == "string")) + (.[$stack] // {})) | to_entries'
  known='^((TF_HTTP|TF_TOKEN|PG|ARM|GOOGLE|CONSUL|ALICLOUD|ALIBABA_CLOUD|TENCENTCLOUD|OS)_?[A-Za-z0-9_]*|AWS_SSE_CUSTOMER_KEY)$'
  # What is a secret by itself in a value, which others may show alone: the password of an address or of user:password, the key in a JSON.
  parts='[(match("://[^:/@]*:([^@/]+)@|password *= *\u0027?([^\u0027 &]+)"; "gi").captures[].string // empty),
    (try (fromjson | .private_key?, .client_secret?, .refresh_token?) catch empty | strings)] | .[] | @base64'
  names=$(jq -r --arg stack "$stack" "$own | .[].key" <<<"$STATE_CREDENTIALS" 2>/dev/null) ||
    fail 'the secret STATE_CREDENTIALS is no JSON object; it takes {"TF_HTTP_PASSWORD": VALUE, ...}, or by stack {"prod": {...}}.'
  for name in $names; do
    [[ $name =~ $known ]] || fail "the secret STATE_CREDENTIALS has $name, which is no variable of a backend that needs credentials; docs/workflows.md lists them."
    value=$(jq -r --arg stack "$stack" --arg name "$name" "$own"' | .[] | select(.key == $name).value' <<<"$STATE_CREDENTIALS")
    if [[ ! $name =~ (USERNAME|USER|HOST|PORT|DATABASE|ADDR|REGION|(CLIENT|TENANT|SUBSCRIPTION)_ID)$ ]]; then # "ci" would be hidden in every word
      hide "$value"
      for part in $(printf %s "$value" | jq -Rrs "$parts"); do hide "$(base64 -d <<<"$part")"; done
      [[ $name != CONSUL_HTTP_AUTH || $value != *:?* ]] || hide "${value#*:}"
    fi
    export "$name=$value"
  done
fi

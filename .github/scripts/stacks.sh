#!/usr/bin/env bash
# stacks.sh lists the synthesized stacks as JSON for a matrix, [{stack, region, role}], in the output `stacks`: all, or the one that STACK
# names; TO_DEPLOY=true leaves out the stack of the roles. AWS_PLAN_ROLE_ARN is one role's ARN, or a JSON object of ARNs by stack;
# without it the list is empty.
set -euo pipefail

list() {
  echo "stacks=$1" >>"$GITHUB_OUTPUT"
  echo "stacks: $1"
}

if [ -z "${AWS_PLAN_ROLE_ARN-}" ]; then
  echo "::notice::No stack is planned until the repository's variable AWS_PLAN_ROLE_ARN is set; docs/workflows.md says how."
  list '[]'
  exit
fi
# shellcheck disable=SC2016 # jq's variable
role='env.AWS_PLAN_ROLE_ARN | if startswith("{") then fromjson[$stack] // "" else . end'
jq -n --arg stack any "$role" >/dev/null ||
  { echo "::error::AWS_PLAN_ROLE_ARN is no JSON; it takes an ARN, or {\"prod\": ARN, ...}."; exit 1; }

stacks='[]'
while IFS=$'\t' read -r stack file; do
  [ -z "${STACK-}" ] || [ "$STACK" = "$stack" ] || continue
  if jq -e '.terraform.backend // {} | has("local")' "cdktf.out/$file" >/dev/null; then
    echo "::notice::$stack is left out: its state is a file, which no runner would find again. Name a backend in environments/$stack.yaml."
    continue
  fi
  if [ "${TO_DEPLOY-}" = true ] && jq -e '.output // {} | has("deploy_role_arns")' "cdktf.out/$file" >/dev/null; then
    echo "::notice::$stack is left out: it makes the roles, which none of them may change. Deploy it by hand; docs/github-roles.md says how."
    continue
  fi
  arn=$(jq -nr --arg stack "$stack" "$role")
  [ -n "$arn" ] || { echo "::error::AWS_PLAN_ROLE_ARN names no role for $stack; add it."; exit 1; }
  stacks=$(jq -c --argjson stacks "$stacks" --arg stack "$stack" --arg role "$arn" \
    '$stacks + [{stack: $stack, region: .provider.aws[0].region, role: $role}]' "cdktf.out/$file")
done < <(jq -r '.stacks[] | [.name, .synthesizedStackPath] | @tsv' cdktf.out/manifest.json)

if [ -n "${STACK-}" ] && [ "$stacks" = '[]' ]; then
  echo "::error::$STACK is no stack that can be planned here; they are: $(jq -r '.stacks | keys | join(", ")' cdktf.out/manifest.json)."
  exit 1
fi
list "$stacks"

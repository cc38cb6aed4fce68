#!/usr/bin/env bash
# stacks.sh lists the synthesized stacks as JSON for a matrix, [{stack, region, role, password, removed}], in the output `stacks`: all,
# or the one that STACK names; where cdktf.out/base has the stacks of another revision, only those that are not the same there, and those
# that are there alone (removed). In the output `waves` the same in the order of their deployment, a list for each wave: a stack comes after
# those that its file names in deploy_after. TO_DEPLOY=true leaves out the stack of the roles.
#
# AWS_PLAN_ROLE_ARN is one role's ARN, or a JSON object of ARNs by stack; without one for it a stack is listed, with an empty role, and its
# plan fails. While NOT_SET_UP_YET is true the list is empty.
set -euo pipefail
base=cdktf.out/base

list() {
  echo "stacks=$1" >>"$GITHUB_OUTPUT"
  echo "waves=$2" >>"$GITHUB_OUTPUT"
  echo "stacks: $1"
}

if [ "${NOT_SET_UP_YET-}" = true ]; then
  echo "::notice::No stack is planned while the repository's variable NOT_SET_UP_YET is true; docs/workflows.md says how to set it up."
  list '[]' '[[],[],[]]'
  exit
fi
# shellcheck disable=SC2016 # jq's variable
role='env.AWS_PLAN_ROLE_ARN // "" | if startswith("{") then fromjson[$stack] // "" else . end'
jq -n --arg stack any "$role" >/dev/null ||
  { echo "::error::AWS_PLAN_ROLE_ARN is no JSON; it takes an ARN, or {\"prod\": ARN, ...}."; exit 1; }

names() { jq -r '.stacks[].name' "$1/manifest.json" 2>/dev/null || true; }
keeps_state_in_file() { jq -e '.terraform.backend // {} | has("local")' "$1" >/dev/null; }
changed() {
  [ -d "$base" ] || return 0
  local file
  for file in .terraform.lock.hcl .terraform-version; do
    cmp -s "$file" "$base/$file" || { [ ! -e "$file" ] && [ ! -e "$base/$file" ]; } || return 0
  done
  ! cmp -s "cdktf.out/stacks/$1/cdk.tf.json" "$base/stacks/$1/cdk.tf.json"
}

stacks='[]'
add() { # STACK FILE REMOVED
  stacks=$(jq -c --argjson stacks "$stacks" --arg stack "$1" --argjson removed "$3" \
    '($stacks + [{stack: $stack, region: .provider.aws[0].region, role: ('"$role"'),
      password: (.variable // {} | has("master_user_password")), removed: $removed}])' "$2")
}
while read -r stack; do
  file=cdktf.out/stacks/$stack/cdk.tf.json
  [ -z "${STACK-}" ] || [ "$STACK" = "$stack" ] || continue
  if keeps_state_in_file "$file"; then
    echo "::notice::$stack is left out: its state is a file, which no runner would find again. Name a backend in environments/$stack.yaml."
    continue
  fi
  if [ "${TO_DEPLOY-}" = true ] && jq -e '.output // {} | has("deploy_role_arns")' "$file" >/dev/null; then
    echo "::notice::$stack is left out: it makes the roles, which none of them may change. Deploy it by hand; docs/github-roles.md says how."
    continue
  fi
  if ! changed "$stack"; then
    echo "$stack: nothing of it changes, so it is not planned."
    continue
  fi
  add "$stack" "$file" false
done < <(names cdktf.out)

while read -r stack; do
  file=$base/stacks/$stack/cdk.tf.json
  if keeps_state_in_file "$file" || { [ -e "cdktf.out/stacks/$stack" ] && ! keeps_state_in_file "cdktf.out/stacks/$stack/cdk.tf.json"; }; then continue; fi
  echo "::warning::$stack disappears: its file is gone, or its state is a file now. What it made stays on AWS, and nothing plans, deploys or watches it."
  add "$stack" "$file" true
  mkdir -p "cdktf.out/stacks/$stack"
  cp "$file" "cdktf.out/stacks/$stack/"
done < <(names "$base")
rm -rf "$base"

if [ -n "${STACK-}" ] && [ "$stacks" = '[]' ]; then
  echo "::error::$STACK is no stack that can be planned here; they are: $(jq -r '.stacks | keys | join(", ")' cdktf.out/manifest.json)."
  exit 1
fi
waves=$(jq -c --argjson stacks "$stacks" '
  (.stacks | map_values(.dependencies // [])) as $after
  | def wave: . as $stack | [$after[$stack][]? | select(. as $name | any($stacks[]; .stack == $name)) | wave + 1] | max // 0;
  [range([3, ($stacks | map(.stack | wave + 1) | max // 0)] | max) as $n | $stacks | map(select(.stack | wave == $n))]' cdktf.out/manifest.json)
if [ "${TO_DEPLOY-}" = true ] && [ "$(jq length <<<"$waves")" -gt 3 ]; then
  echo "::error::deploy_after makes more than three waves: $(jq -c 'map(map(.stack))' <<<"$waves"). The workflow deploy has a job for each of three; add one, or shorten the order."
  exit 1
fi
list "$stacks" "$waves"

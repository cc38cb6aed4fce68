#!/usr/bin/env bash
# plan.sh STACK plans a synthesized stack. In cdktf.out/stacks/STACK it leaves plan, and of what it tells, sensitive values hidden: plan.txt,
# for people, plan.json, for the reviewer, and changes, which is true or false; that also is the step's output `changes`. A plan that fails
# leaves failed.txt, which says why, and of the rest what there is. Of a stack that was REMOVED it leaves left.txt, the resources that its
# state still has.
#
# It has a role in AWS. So nothing runs here that another job built: plain Terraform, which setup-terraform brings. (`cdktf diff` has no
# -detailed-exitcode, `cdktf deploy` applies no saved plan, and both bring npm's packages.)
set -euo pipefail
stack=$1
folder=cdktf.out/stacks/$stack
said=$RUNNER_TEMP/said
export CHECKPOINT_DISABLE=1 TF_INPUT=0 TF_IN_AUTOMATION=1
read -ra arguments <<<"${PLAN_ARGUMENTS-}"
rm -f "$folder"/{plan,plan.txt,plan.json,changes,failed.txt,left.txt}

fail() {
  echo "::error::$stack: $1"
  echo "$1" >"$folder/failed.txt"
  exit 1
}

# shellcheck source=.github/scripts/credentials.sh
. "$(dirname "$0")/credentials.sh"

# Terraform, with its errors kept for those who see no log.
terraform_says() {
  local code=0
  terraform -chdir="$folder" "$@" 2>"$said" || code=$?
  redacted <"$said" >&2
  if [ "$code" = 1 ]; then redacted <"$said" >"$folder/failed.txt"; fi
  return "$code"
}

# The stack names its providers' exact versions. A lock file in the repository pins what these contain, too, and that there are no others:
# a state may name any provider, and Terraform would run it with this role. Where only the role that deploys the stack writes its state,
# that is nobody else's to do.
lockfile=()
if [ -f .terraform.lock.hcl ]; then
  cp .terraform.lock.hcl "$folder/"
  lockfile=(-lockfile=readonly)
  export TF_PLUGIN_CACHE_DIR=$HOME/.terraform.d/plugin-cache # checked against it; without one Terraform makes no use of it
  mkdir -p "$TF_PLUGIN_CACHE_DIR"
elif ! jq -e '.terraform.backend // {} | has("local") or (.s3 // {assume_role: true} |
    (has("assume_role") or has("assume_role_with_web_identity") | not))' "$folder/cdk.tf.json" >/dev/null; then
  fail "it keeps its state where others than the role that deploys it can write, and a state can name any program to run; commit a .terraform.lock.hcl (docs/workflows.md says how)."
fi
terraform_says init -no-color "${lockfile[@]}"

if [ "${REMOVED-}" = true ]; then
  terraform_says show -json | jq -r '.values.root_module | .. | .resources? // empty | .[] | select(.mode == "managed")
    | .address + (if (.sensitive_values.id // false) or .values.id == null then "" else "  \(.values.arn // .values.id)" end)' >"$folder/left.txt"
  exit
fi

code=0
terraform_says plan -no-color -detailed-exitcode -out=plan "${arguments[@]}" || code=$?
case $code in
0) changes=false ;;
*) changes=true ;;
esac
if [ "$code" != 1 ] || [ -f "$folder/plan" ]; then # of a plan that failed, what Terraform had planned until then
  terraform -chdir="$folder" show -no-color plan | redacted >"$folder/plan.txt"
  terraform -chdir="$folder" show -json plan | jq -cf "$(dirname "$0")/hide.jq" >"$folder/plan.json"
  {
    printf '\n<details><summary>The plan, as Terraform tells it</summary>\n\n~~~~~~~~\n'
    head -c 500000 "$folder/plan.txt" # a summary takes 1 MiB
    printf '\n~~~~~~~~\n\n</details>\n\n'
  } >>"$GITHUB_STEP_SUMMARY"
fi
echo "$changes" >"$folder/changes"
[ "$code" = 0 ] || [ "$code" = 2 ] || exit "$code"
echo "changes=$changes" >>"$GITHUB_OUTPUT"

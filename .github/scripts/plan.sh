#!/usr/bin/env bash
# plan.sh STACK plans a synthesized stack. In cdktf.out/stacks/STACK it leaves plan, and of what it tells, sensitive values hidden: plan.txt,
# for people, plan.json, for the reviewer, and changes, which is true or false; that also is the step's output `changes`.
#
# It has a role in AWS. So nothing runs here that another job built: plain Terraform, which setup-terraform brings. (`cdktf diff` has no
# -detailed-exitcode, `cdktf deploy` applies no saved plan, and both bring npm's packages.)
set -euo pipefail
stack=$1
folder=cdktf.out/stacks/$stack
export CHECKPOINT_DISABLE=1 TF_INPUT=0 TF_IN_AUTOMATION=1
read -ra arguments <<<"${PLAN_ARGUMENTS-}"

# A secret that is not set arrives as an empty one, which must not be planned as the new password.
if [ -n "${MASTER_USER_PASSWORDS-}" ]; then
  password=$(jq -r --arg stack "$stack" '.[$stack] // empty' <<<"$MASTER_USER_PASSWORDS" 2>/dev/null) ||
    { echo '::error::The secret MASTER_USER_PASSWORDS is no JSON object; it takes {"prod": PASSWORD, ...}.'; exit 1; }
  if [ -n "$password" ]; then
    echo "::add-mask::$password" # GitHub masks a secret as a whole only
    export TF_VAR_master_user_password=$password
  fi
fi

# The stack names its providers' exact versions. A lock file in the repository pins what these contain, too, and that there are no others:
# a state may name any provider, and Terraform would run it with this role. Where only the role that deploys the stack writes its state,
# that is nobody else's to do.
lockfile=()
if [ -f .terraform.lock.hcl ]; then
  cp .terraform.lock.hcl "$folder/"
  lockfile=(-lockfile=readonly)
elif ! jq -e '.terraform.backend // {} | has("local") or (.s3 // {assume_role: true} |
    (has("assume_role") or has("assume_role_with_web_identity") | not))' "$folder/cdk.tf.json" >/dev/null; then
  echo "::error::$stack keeps its state where others than the role that deploys it can write, and a state can name any program to run; commit a .terraform.lock.hcl (docs/workflows.md says how)."
  exit 1
fi
terraform -chdir="$folder" init -no-color "${lockfile[@]}"

code=0
terraform -chdir="$folder" plan -no-color -detailed-exitcode -out=plan "${arguments[@]}" || code=$?
case $code in
0) changes=false ;;
2) changes=true ;;
*) exit "$code" ;;
esac
terraform -chdir="$folder" show -no-color plan >"$folder/plan.txt"
terraform -chdir="$folder" show -json plan | jq -cf "$(dirname "$0")/hide.jq" >"$folder/plan.json"
echo "$changes" >"$folder/changes"

echo "changes=$changes" >>"$GITHUB_OUTPUT"
{
  printf '\n<details><summary>The plan, as Terraform tells it</summary>\n\n~~~~~~~~\n'
  head -c 500000 "$folder/plan.txt" # a summary takes 1 MiB
  printf '\n~~~~~~~~\n\n</details>\n\n'
} >>"$GITHUB_STEP_SUMMARY"

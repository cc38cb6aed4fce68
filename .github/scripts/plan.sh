#!/usr/bin/env bash
# plan.sh STACK plans a synthesized stack and reviews the plan. In cdktf.out/stacks/STACK it leaves plan, plan.txt and review.md; in the
# step's outputs, `changes` and `refused`, by what FAIL_ON names; without it by what the reviewer refuses by itself. It fails where
# Terraform or the reviewer fails, not where the gate refuses.
#
# Plain Terraform, for `cdktf diff` has no -detailed-exitcode, `cdktf deploy` applies no saved plan, and neither brings npm's
# packages into a job that has credentials.
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

# The stack names its providers' exact versions. A lock file in the repository pins what these contain, too.
lockfile=()
if [ -f .terraform.lock.hcl ]; then
  cp .terraform.lock.hcl "$folder/"
  lockfile=(-lockfile=readonly)
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

chmod +x cdktf.out/aimetrics # artifacts forget it
fail_on=()
[ -z "${FAIL_ON-}" ] || fail_on=(--fail-on "$FAIL_ON")
code=0
cdktf.out/aimetrics review "$stack=$folder/plan" --markdown "$folder/review.md" "${fail_on[@]}" || code=$?
case $code in
0) refused=false ;;
2) refused=true ;;
*) exit "$code" ;;
esac

{
  echo "changes=$changes"
  echo "refused=$refused"
} >>"$GITHUB_OUTPUT"
{
  cat "$folder/review.md"
  printf '\n<details><summary>The plan, as Terraform tells it</summary>\n\n~~~~~~~~\n'
  head -c 500000 "$folder/plan.txt" # a summary takes 1 MiB
  printf '\n~~~~~~~~\n\n</details>\n\n'
} >>"$GITHUB_STEP_SUMMARY"

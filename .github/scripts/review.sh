#!/usr/bin/env bash
# review.sh STACK reviews what plan.sh left of a plan in cdktf.out/stacks/STACK, and leaves review.md beside it; in the step's outputs,
# `changes` and `refused`, by what FAIL_ON names; without it by what the reviewer refuses by itself. It fails where there is no plan or the
# reviewer fails, not where the gate refuses.
#
# The reviewer was built by a job that ran the tests, and so whatever a dependency made of that. It runs where no role is to be had.
set -euo pipefail
stack=$1
folder=cdktf.out/stacks/$stack
if [ ! -s "$folder/plan.json" ]; then
  echo "::error::$stack: there is no plan to review; the job that plans says why."
  exit 1
fi

chmod +x cdktf.out/aimetrics # artifacts forget it
fail_on=()
[ -z "${FAIL_ON-}" ] || fail_on=(--fail-on "$FAIL_ON")
code=0
cdktf.out/aimetrics review "$stack=$folder/plan.json" --markdown "$folder/review.md" "${fail_on[@]}" || code=$?
case $code in
0) refused=false ;;
2) refused=true ;;
*) exit "$code" ;;
esac

{
  echo "changes=$(cat "$folder/changes")"
  echo "refused=$refused"
} >>"$GITHUB_OUTPUT"
cat "$folder/review.md" >>"$GITHUB_STEP_SUMMARY"

#!/usr/bin/env bash
# review.sh STACK reviews what plan.sh left of a plan in cdktf.out/stacks/STACK, and leaves beside it review.md and refused.txt, a line for
# each thing that is refused; in the step's outputs, `changes` and `refused`, by what FAIL_ON names. It fails where the plan or the reviewer
# failed, not where the gate refuses.
#
# The reviewer was built by a job without a role. It runs where none is to be had.
set -euo pipefail
stack=$1
folder=cdktf.out/stacks/$stack
if [ -f "$folder/left.txt" ]; then
  echo "$stack: its file is gone; $(wc -l <"$folder/left.txt") resources are left in its state."
  exit
fi
if [ ! -s "$folder/plan.json" ]; then
  echo "::error::$stack: there is no plan to review; the job that plans says why."
  exit 1
fi

chmod +x cdktf.out/aimetrics # artifacts forget it
code=0
cdktf.out/aimetrics review "$stack=$folder/plan.json" --markdown "$folder/review.md" --fail-on "${FAIL_ON:-replace,kept,open}" \
  2>"$RUNNER_TEMP/said" || code=$?
cat "$RUNNER_TEMP/said" >&2
sed -n "s/^$stack: refused: //p" "$RUNNER_TEMP/said" >"$folder/refused.txt"
case $code in
0) refused=false ;;
2) refused=true ;;
*) exit "$code" ;;
esac
cat "$folder/review.md" >>"$GITHUB_STEP_SUMMARY"
if [ -f "$folder/failed.txt" ]; then
  echo "::error::$stack: the plan failed; this is a review of what Terraform had planned until then."
  exit 1
fi

{
  echo "changes=$(cat "$folder/changes")"
  echo "refused=$refused"
} >>"$GITHUB_OUTPUT"

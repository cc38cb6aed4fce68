#!/usr/bin/env bash
# compare.sh STACK REVIEWED fails if the stack's plan does not tell, to the letter, what the plan told that was reviewed.
set -euo pipefail
stack=$1 reviewed=$2
if diff -u --label reviewed --label now "$reviewed" "cdktf.out/stacks/$stack/plan.txt"; then
  echo "$stack: the plan is the one that was reviewed."
  exit
fi
echo "::error::$stack: nothing was applied, for the plan is no longer the one that was reviewed; the log shows the difference. Run all jobs again to review it anew."
exit 1

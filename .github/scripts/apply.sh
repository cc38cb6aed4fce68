#!/usr/bin/env bash
# apply.sh STACK applies the plan that plan.sh left. Beside it stays what Terraform told, for applied.sh: applied.txt, and when it began.
set -euo pipefail
stack=$1
folder=cdktf.out/stacks/$stack
export CHECKPOINT_DISABLE=1
fail() { echo "::error::$stack: $1"; exit 1; }
# shellcheck source=.github/scripts/credentials.sh
. "$(dirname "$0")/credentials.sh"
date +%s >"$folder/began"

told=$RUNNER_TEMP/told
mkfifo "$told"
redacted_lines <"$told" | tee "$folder/applied.txt" &
teller=$!
terraform -chdir="$folder" apply -no-color -input=false -lock-timeout=10m plan >"$told" 2>&1 &
terraform=$!
# The first signal reaches Terraform, which then ends in order; of a second one, which GitHub sends some seconds later, it would end at once
# and lose what it did. It ends the wait, too, so that is begun anew.
trap 'trap "" INT TERM; kill -TERM "$terraform"' INT TERM
code=0
wait "$terraform" || code=$?
while kill -0 "$terraform" 2>/dev/null; do
  code=0
  wait "$terraform" || code=$?
done
wait "$teller" # or the next step reads half of it
exit "$code"

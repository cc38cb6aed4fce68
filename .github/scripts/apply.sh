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
# `exec`, so that a signal reaches Terraform, which then ends in order.
exec terraform -chdir="$folder" apply -no-color -input=false -lock-timeout=10m plan > >(redacted_lines | tee "$folder/applied.txt") 2>&1

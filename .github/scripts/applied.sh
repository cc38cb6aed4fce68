#!/usr/bin/env bash
# applied.sh STACK writes applied.md, what apply.sh did: how long it took, what it changed, and what failed.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
folder=cdktf.out/stacks/$stack
said=$folder/applied.txt
[ -f "$said" ] || exit 0
seconds=$(($(date +%s) - $(cat "$folder/began")))
done_lines() { grep -E '^[^ ]+: (Creation|Modifications|Destruction) complete after' "$said" || true; }

{
  summary=$(grep -m 1 '^Apply complete!' "$said" || true)
  if [ -n "$summary" ]; then
    printf '%s It took %d min %d s.\n' "$summary" $((seconds / 60)) $((seconds % 60))
  else
    printf 'Terraform stopped after %d min %d s. **What is listed as done stays done**; run the workflow deploy again for the rest, when what it says is mended.\n\n' \
      $((seconds / 60)) $((seconds % 60))
    grep -A 1000 -m 1 -E '^(│ )?Error: ' "$said" | quoted || true
  fi
  if [ -n "$(done_lines)" ]; then
    printf '\n<details><summary>%s resources</summary>\n\n' "$(done_lines | wc -l)"
    done_lines | quoted
    printf '\n</details>\n'
  fi
} >"$folder/applied.md"
cat "$folder/applied.md" >>"$GITHUB_STEP_SUMMARY"

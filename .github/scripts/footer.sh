#!/usr/bin/env bash
# footer.sh STACK GATE prints what is below a review in a pull request: the state of the gate, which is open, shut or none, or outdated, and whose
# review it is. It changes without a plan, by a label, so it begins with a mark of its own.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1 gate=$2
label=$(label "$stack")

printf '<!-- aimetrics gate -->\n'
# shellcheck disable=SC2016 # Markdown's backticks
case $gate in
shut)
  printf '**The gate of `%s` is shut.** If what is refused is meant, put the label `%s` on this pull request: ' "$stack" "$label"
  printf 'it lets that pass, of this stack alone, until the next push (`gh pr edit %s --add-label %s`).\n' "$PULL_REQUEST" "$label"
  ;;
open) printf '**The gate of `%s` is open**: this pull request has the label `%s`. The next push takes it off, and shuts the gate.\n' "$stack" "$label" ;;
outdated)
  printf '⚠️ **`%s` was deployed since**, of commit %s: this review is of what was there before. Update the branch (`gh pr update-branch %s`); ' \
    "$stack" "$GITHUB_SHA" "$PULL_REQUEST"
  printf 'if it has that commit, run all jobs of diff again. What was allowed is taken back.\n'
  ;;
esac
printf '\n<sub>Commit %s, [run](%s)</sub>\n' "$COMMIT" "$run"

#!/usr/bin/env bash
# newest.sh fails if the run's commit is no longer the newest of its branch: otherwise a run that is run again, or was overtaken, would deploy
# what was there before, or tell of it. The step's output `newer` is the newest one.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
newest=$(gh api "$repository/git/ref/heads/$GITHUB_REF_NAME" | jq -r .object.sha)
[ "$newest" != "$GITHUB_SHA" ] || exit 0
echo "newer=$newest" >>"$GITHUB_OUTPUT"
echo "::error::$GITHUB_SHA is no longer the newest commit of $GITHUB_REF_NAME, so nothing is done for it here: the run of $newest has the say. To go back to it, revert on $GITHUB_REF_NAME."
exit 1

#!/usr/bin/env bash
# body.sh STACK prints what is posted of a stack's review: the marker by which it is found again, the review, what to do if it REFUSED a
# pull request, and whose it is. The reviewer writes the marker, and leaves room for the rest in what GitHub takes (package review).
set -euo pipefail
stack=$1
review=cdktf.out/stacks/$stack/review.md
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID

if [ -s "$review" ]; then
  cat "$review"
else
  printf '<!-- aimetrics review %s -->\n**%s: no review, for the plan failed.** [The run](%s) says why.\n' "$stack" "$stack" "$run"
fi
if [ "${REFUSED-}" = true ]; then
  # shellcheck disable=SC2016 # Markdown's backticks
  printf '\n**The gate is shut.** If this is meant, put the label `allow-replace` on the pull request.\n'
fi
printf '\n<sub>Commit %s, [run](%s)</sub>\n' "$COMMIT" "$run"

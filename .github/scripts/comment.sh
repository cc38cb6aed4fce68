#!/usr/bin/env bash
# comment.sh STACK writes the stack's review into its comment on the pull request: the one that it made before, or a new one if the plan
# CHANGES anything.
set -euo pipefail
stack=$1
body=$RUNNER_TEMP/body.md
"$(dirname "$0")/body.sh" "$stack" >"$body"

# Only a comment of its own, by the first line: anybody can write the marker.
comment=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments?per_page=100" |
  jq -rs --arg marker "$(head -n 1 "$body")" \
    '[.[][] | select(.user.login == "github-actions[bot]" and (.body | startswith($marker)))][0].id // empty')

if [ -n "$comment" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field body=@"$body"
elif [ "${CHANGES-}" = true ]; then
  gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field body=@"$body"
else
  echo "$stack: nothing to tell, and nothing told before: no comment."
fi

#!/usr/bin/env bash
# issue.sh STACK keeps one issue open while the stack's plan has CHANGES or the stack has DRIFTED, and closes it when neither is so.
set -euo pipefail
stack=$1
issues=repos/$GITHUB_REPOSITORY/issues
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
body=$RUNNER_TEMP/body.md
"$(dirname "$0")/body.sh" "$stack" >"$body"

# Not GitHub's search, which is some minutes behind. Only an issue of its own, by the first line: anybody can write the marker.
issue=$(gh api --paginate "$issues?state=open&per_page=100" |
  jq -rs --arg marker "$(head -n 1 "$body")" \
    '[.[][] | select(.user.login == "github-actions[bot]" and (.body // "" | startswith($marker)))][0].number // empty')

differs=$CHANGES
[ "$DRIFTED" != true ] || differs=true
case "$differs/$issue" in
true/) gh api --silent --method POST "$issues" --field title="$stack: AWS is not what main says" --field body=@"$body" --field 'labels[]=drift' ;;
true/*) gh api --silent --method PATCH "$issues/$issue" --field body=@"$body" ;;
false/) echo "$stack: AWS is what main says." ;;
false/*)
  gh api --silent --method POST "$issues/$issue/comments" --field body="AWS is what main says again: [run]($run)."
  gh api --silent --method PATCH "$issues/$issue" --field state=closed --field state_reason=completed
  ;;
*)
  echo "::error::CHANGES is \"$CHANGES\", not true or false."
  exit 1
  ;;
esac

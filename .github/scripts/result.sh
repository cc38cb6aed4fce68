#!/usr/bin/env bash
# result.sh STACK tells the pull request that was merged how its deployment went; OUTCOME are the results of the jobs plan, review, apply; NEWER is the
# commit that came after it, if it stopped for that.
# The deployment of a push to main that was no pull request, or by hand, is told by its run alone.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
body=$RUNNER_TEMP/body.md
[ "$GITHUB_EVENT_NAME" = push ] || exit 0
PULL_REQUEST=$(merged)
[ -n "$PULL_REQUEST" ] || exit 0

[ -z "${NEWER-}" ] || OUTCOME=newer
# shellcheck disable=SC2016 # Markdown's backticks
case $OUTCOME in
newer) title='⏭️ `%s`: a newer commit deploys it' ;;
"success success success") title='✅ `%s` is deployed' ;;
"success success skipped")
  echo "$stack: nothing changes, so there is nothing to tell."
  exit
  ;;
"success success cancelled") title='⚠️ `%s`: the deployment was rejected or cancelled' ;;
"success success "*) title='🛑 `%s`: the deployment failed, or was rejected' ;;
"success failure "*) title='🛑 `%s` is not deployed: the gate refuses the plan, or its review failed' ;;
*) title='🛑 `%s` is not deployed: its plan failed' ;;
esac
{
  marker deployment "$stack"
  # shellcheck disable=SC2059 # the title is a format
  printf "### $title\n\n" "$stack"
  if [ "$OUTCOME" = newer ]; then
    printf 'Nothing was applied of this commit by itself: %s came after it, and [its runs](%s/%s/actions/workflows/deploy.yaml) deploy both.\n' "$NEWER" "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY"
  elif [ -f applied/applied.md ]; then
    cat applied/applied.md
  else
    printf 'Nothing was applied. [The run](%s) says why: reviewers rejected it, or a job failed before it came to that.\n' "$run"
  fi
  printf '\n<sub>Commit %s, [run](%s)</sub>\n' "$GITHUB_SHA" "$run"
} >"$body"
write_comment deployment "$stack" "$body"

#!/usr/bin/env bash
# outdate.sh STACK tells the open pull requests into the branch that have a review of the stack that it was deployed since: the state that they
# were planned against is no more. Nothing plans them anew by itself, as no event of theirs happened. Their comment says so, a status
# `reviewed` keeps them from being merged as they are (reviewed.sh lifts it), and what was allowed of the stack is taken back.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
[ -f applied/applied.md ] || exit 0 # nothing was applied
gh api --paginate "$repository/pulls?state=open&base=$(jq -nr --arg branch "$GITHUB_REF_NAME" '$branch | @uri')&per_page=100" |
  jq -r '.[] | "\(.number) \(.head.sha)"' |
  while read -r PULL_REQUEST COMMIT; do
    export PULL_REQUEST COMMIT
    [ "$(comments review | jq --arg stack "$stack" 'any(.[]; .stack == $stack)')" = true ] || continue
    write_status reviewed failure "$stack was deployed since, of $GITHUB_SHA: update the branch"
    show_gate "$stack" outdated
    gh api --silent --method DELETE "$repository/issues/$PULL_REQUEST/labels/$(jq -nr --arg name "$(label "$stack")" '$name | @uri')" 2>/dev/null || true # it has none
    echo "::notice::#$PULL_REQUEST: its review of $stack is of what was there before."
  done

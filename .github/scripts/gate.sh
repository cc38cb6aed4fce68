#!/usr/bin/env bash
# gate.sh STACK fails if the review REFUSED the stack's plan, unless somebody allowed that: by a label on the pull request (on the one
# that was merged, after a push), or by the choice of who started the run.
set -euo pipefail
stack=$1
label=allow-replace

# Asked now, for a run that is run again still has the labels of its first time.
allowed() {
  case $GITHUB_EVENT_NAME in
  pull_request) gh api "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/labels?per_page=100" | jq --arg name "$label" 'any(.[]; .name == $name)' ;;
  push)
    gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" | jq --arg name "$label" --arg commit "$GITHUB_SHA" \
      'any(.[]; .merged_at != null and .merge_commit_sha == $commit and any(.labels[]; .name == $name))'
    ;;
  *) echo "$ALLOW_REPLACE" ;;
  esac
}

case $REFUSED in
false) exit ;;
true) ;;
*)
  echo "::error::REFUSED is \"$REFUSED\", not true or false."
  exit 1
  ;;
esac
answer=$(allowed)
if [ "$answer" = true ]; then
  echo "::warning::$stack: the review refuses the plan, and that was allowed."
  exit
fi
remedy="put the label $label on the pull request"
[ "$GITHUB_EVENT_NAME" = pull_request ] || remedy="start the workflow deploy by hand for $stack and choose allow-replace"
echo "::error::$stack: the review refuses the plan, and says why. If that is meant, $remedy."
exit 1

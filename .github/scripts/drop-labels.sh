#!/usr/bin/env bash
# drop-labels.sh takes the labels that open gates off the pull request: they were given to what stood there before the push.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
gh api --paginate "$repository/issues/$PULL_REQUEST/labels?per_page=100" | jq -r --arg prefix "$(label '')" '.[].name | select(startswith($prefix))' |
  while read -r name; do
    gh api --silent --method DELETE "$repository/issues/$PULL_REQUEST/labels/$(jq -nr --arg name "$name" '$name | @uri')"
    echo "::notice::$name was for an earlier commit, and is taken off. Put it on again if it is still meant."
  done

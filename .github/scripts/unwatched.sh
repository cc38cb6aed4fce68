#!/usr/bin/env bash
# unwatched.sh closes the issues on the drift of stacks that are none of STACKS (JSON, [{stack, ...}]) any more, and says what that means.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
issues=$repository/issues
gh api --paginate "$issues?state=open&per_page=100" | ours review |
  jq -r --argjson stacks "$STACKS" '.[] | select(.stack as $name | any($stacks[]; .stack == $name) | not) | "\(.number) \(.stack)"' |
  while read -r number stack; do
    gh api --silent --method POST "$issues/$number/comments" \
      --raw-field body="$stack has no file in environments/ any more, or keeps its state in one: nobody watches it ([run]($run)). What it made stays on AWS until somebody destroys it."
    gh api --silent --method PATCH "$issues/$number" --field state=closed --field state_reason=not_planned
    echo "::warning::$stack is not watched any more; its issue $number is closed."
  done

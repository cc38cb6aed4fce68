#!/usr/bin/env bash
# reset.sh takes back what the statuses of the COMMIT say of an earlier run: until this one has found something, nothing is reviewed. Where
# the commit was reviewed before, for another base or before the pull request was closed, its check `reviewed` stands and may be green. A
# status of the same name is asked for beside it (https://docs.github.com/rest/commits/statuses), which reviewed.sh settles in the end.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
is_current || exit 1
was=$(statuses)
write_status review pending "#$PULL_REQUEST into $BASE: being planned"
case $(jq -r '"\(.review.state // "none") \(.reviewed.state // "none")"' <<<"$was") in
"none none" | *" failure" | *" pending") ;; # what deploy said of it stays (outdate.sh)
*) write_status reviewed pending "being planned anew" ;;
esac

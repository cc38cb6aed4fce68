#!/usr/bin/env bash
# gate.sh STACK fails if the review REFUSED the stack's plan, unless somebody allowed that: by the stack's label on the pull request that
# was merged, or by the choice of who started the run.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1

allowed() {
  local merged
  case $GITHUB_EVENT_NAME in
  push)
    merged=$(merged) || exit 1
    [ -n "$merged" ] && is_allowed "$merged" "$stack"
    ;;
  *) [ "$ALLOW_REPLACE" = true ] ;;
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
if allowed; then
  echo "::warning::$stack: the review refuses the plan, and that was allowed."
  exit
fi
echo "::error::$stack: the review refuses the plan, and says why. If that is meant, start the workflow deploy by hand for $stack and choose allow-replace."
exit 1

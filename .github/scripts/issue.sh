#!/usr/bin/env bash
# issue.sh STACK keeps one issue open while the stack's plan has CHANGES or the stack has DRIFTED, and closes it when neither is so. Its title
# says who got in. Where what it says is no longer the same, a comment says what is new, which is what people are notified of.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
issues=$repository/issues
review=cdktf.out/stacks/$stack/review.md
body=$RUNNER_TEMP/body.md
{ "$(dirname "$0")/body.sh" "$stack" && printf '\n<sub>Commit %s, [run](%s)</sub>\n' "$COMMIT" "$run"; } >"$body"

entered=
[ ! -f "$review" ] || entered=$(sed -n '/^#### Who got in outside Terraform/,/^#### /s/^  - opens: //p' "$review" | tr -d '*`' | head -n 1)
title="$stack: AWS is not what main says"
[ -z "$entered" ] || title="$title: $entered"
title=$(jq -nr --arg title "$title" '$title[:250]')

# Not GitHub's search, which is some minutes behind.
issue=$(gh api --paginate "$issues?state=open&per_page=100" | ours review | jq -c --arg stack "$stack" '[.[] | select(.stack == $stack)][0] // empty')
number=$(jq -r .number <<<"$issue")

differs=$CHANGES
[ "$DRIFTED" != true ] || differs=true
case "$differs/$number" in
true/) gh api --silent --method POST "$issues" --raw-field title="$title" --field body=@"$body" --field 'labels[]=drift' ;;
true/*)
  # Of a long review the end may be cut off, so what is compared is all but the footer.
  jq -r .body <<<"$issue" | grep -v '^<sub>Commit ' >"$RUNNER_TEMP/before" || true
  grep -v '^<sub>Commit ' "$body" >"$RUNNER_TEMP/now" || true
  if ! diff -wB "$RUNNER_TEMP/before" "$RUNNER_TEMP/now" >/dev/null; then
    {
      printf 'It is not what it was any more, [says this run](%s)' "$run"
      [ -z "$entered" ] || printf ': **%s**' "$entered"
      printf '. What is new and what is gone:\n\n~~~~~~~~~~~~diff\n'
      { diff -wBU0 "$RUNNER_TEMP/before" "$RUNNER_TEMP/now" || true; } | sed -e '1,2d' -e '/^@@/d' | { head -c 30000 && cat >/dev/null; } | jq -Rrs .
      printf '~~~~~~~~~~~~\n'
    } >"$RUNNER_TEMP/news.md"
    gh api --silent --method POST "$issues/$number/comments" --field body=@"$RUNNER_TEMP/news.md"
  fi
  gh api --silent --method PATCH "$issues/$number" --raw-field title="$title" --field body=@"$body"
  ;;
false/) echo "$stack: AWS is what main says." ;;
false/*)
  gh api --silent --method POST "$issues/$number/comments" --raw-field body="AWS is what main says again: [run]($run)."
  gh api --silent --method PATCH "$issues/$number" --field state=closed --field state_reason=completed
  ;;
*)
  echo "::error::CHANGES is \"$CHANGES\", not true or false."
  exit 1
  ;;
esac

#!/usr/bin/env bash
# body.sh STACK prints what is posted of a stack's review: the marker by which it is found again, the review, what to do if it REFUSED a
# pull request, and whose it is. GitHub takes 65,536 characters, so a longer one ends at a whole line, and says so.
set -euo pipefail
stack=$1
review=cdktf.out/stacks/$stack/review.md
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID

if [ -f "$review" ]; then
  LC_ALL=C awk -v run="$run" '
    (size += length($0) + 1) > 60000 { cut = 1; exit }
    /^ *```/ { fenced = !fenced }
    /<details/ { open++ }
    /<\/details>/ { open-- }
    { print }
    END {
      if (!cut) exit
      if (fenced) print "```"
      while (open-- > 0) print "</details>"
      print "\n**Cut here, for GitHub takes no more. The whole review is in the summary of [the run](" run ").**"
    }' "$review"
else
  printf '<!-- aimetrics review %s -->\n**%s: no review, for the plan failed.** [The run](%s) says why.\n' "$stack" "$stack" "$run"
fi
if [ "${REFUSED-}" = true ]; then
  # shellcheck disable=SC2016 # Markdown's backticks
  printf '\n**The gate is shut.** If this is meant, put the label `allow-replace` on the pull request.\n'
fi
printf '\n<sub>Commit %s, [run](%s)</sub>\n' "$COMMIT" "$run"

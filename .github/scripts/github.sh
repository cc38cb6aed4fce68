#!/usr/bin/env bash
# github.sh is what the other scripts know of GitHub; they source it.
set -euo pipefail
repository=repos/$GITHUB_REPOSITORY
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID

# The label by which somebody lets pass what is refused of a stack. Its name is here alone.
label() { echo "allow-replace/$1"; }

# The first line of a comment or an issue on a stack, of this KIND: anybody can write it, so only those of github-actions[bot] are ours.
marker() { echo "<!-- aimetrics $1 $2 -->"; }

# Of JSON that lists comments or issues: ours of a kind, [{id, number, stack, body}].
ours() {
  jq -cs --arg kind "$1" '[.[][] | select(.user.login == "github-actions[bot]") | . as $one
    | ((.body // "") | capture("^<!-- aimetrics \($kind) (?<stack>[A-Za-z0-9_-]+) -->"))
    | {id: $one.id, number: $one.number, stack, body: $one.body}]'
}

comments() { gh api --paginate "$repository/issues/$PULL_REQUEST/comments?per_page=100" | ours "$1"; }

# write_comment KIND STACK FILE writes over our comment of that kind, or makes one.
write_comment() {
  local comment
  comment=$(comments "$1" | jq -r --arg stack "$2" '[.[] | select(.stack == $stack)][0].id // empty')
  if [ -n "$comment" ]; then
    gh api --silent --method PATCH "$repository/issues/comments/$comment" --field body=@"$3"
  else
    gh api --silent --method POST "$repository/issues/$PULL_REQUEST/comments" --field body=@"$3"
  fi
}

# write_status CONTEXT STATE DESCRIPTION says how COMMIT fared, where a later run for the same commit reads it.
write_status() {
  gh api --silent --method POST "$repository/statuses/$COMMIT" --raw-field context="$1" --raw-field state="$2" \
    --raw-field description="$(jq -nr --arg text "$3" '$text[:140]')" --raw-field target_url="$run"
}

# The number of the pull request that was merged as the commit of a push; nothing if there was none.
merged() {
  gh api "$repository/commits/$GITHUB_SHA/pulls" |
    jq -r --arg commit "$GITHUB_SHA" '[.[] | select(.merged_at != null and .merge_commit_sha == $commit)][0].number // empty'
}

# Makes the label of a stack, so that whoever may put labels on a pull request, but make none, finds it.
make_label() {
  gh api --silent --method POST "$repository/labels" --raw-field name="$(label "$1")" --raw-field color=b60205 \
    --raw-field description="Lets pass what the review refuses of $1, until the next push" 2>/dev/null || true # it is there
}

# Reports whether an issue has a label. Asked now, for a run that is run again still has the labels of its first time.
has_label() {
  gh api --paginate "$repository/issues/$1/labels?per_page=100" | jq -es --arg name "$2" 'any(.[][]; .name == $name)' >/dev/null
}

# A text of somebody else's, as Markdown that shows it and nothing more.
quoted() {
  printf '~~~~~~~~~~~~\n'
  sed -e 's/\x1b\[[0-9;]*m//g' -e 's/<!--/<! --/g' -e 's/~~~~~~~~~~~~/~~~~~~~~~~~ ~/g' |
    { head -c 20000 && cat >/dev/null; } | jq -Rrs . # which mends a character that was cut
  printf '\n~~~~~~~~~~~~\n'
}

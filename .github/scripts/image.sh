#!/usr/bin/env bash
# image.sh NAME TAG DIST makes a small image of aimetrics of the archives of a release in DIST, for linux/amd64 and linux/arm64, and pushes it
# to NAME:TAG; no Docker is needed. It has the program and this machine's certificate authorities, nothing else, and runs as nobody. It prints
# the image's name and digest, as outputs of a step. Where TOKEN is set, it signs in to the registry with it, as ACTOR.
set -euo pipefail
name=$1 tag=$2 dist=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOCKER_CONFIG=$work/docker # the token goes with it
GOBIN=$work/bin go install github.com/google/go-containerregistry/cmd/crane@v0.22.1 >&2
crane=$work/bin/crane

if [ -n "${TOKEN:-}" ]; then
  "$crane" auth login "${name%%/*}" --username "$ACTOR" --password-stdin <<<"$TOKEN" >&2
fi

manifests=()
for arch in amd64 arm64; do
  root=$work/$arch
  mkdir -p "$root/etc/ssl/certs"
  tar -xzf "$dist"/aimetrics_*_linux_"$arch".tar.gz -C "$root" aimetrics
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  chmod -R u=rwX,go=rX "$root"
  # The same files give the same layer.
  tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(stat -c %Y "$root/aimetrics")" -cf "$work/$arch.tar" aimetrics etc
  layered=$("$crane" append --oci-empty-base --platform "linux/$arch" --new_layer "$work/$arch.tar" --new_tag "$name:$tag-$arch")
  manifests+=(--manifest "$("$crane" mutate "$layered" --entrypoint /aimetrics --user 65532:65532 --set-platform "linux/$arch" --tag "$name:$tag-$arch")")
done
"$crane" index append --tag "$name:$tag" "${manifests[@]}" >&2
printf 'name=%s\ndigest=%s\n' "$name" "$("$crane" digest "$name:$tag")"

#!/bin/sh
# The command line of the app on macOS. Link it to where your shell looks:
#   ln -s "/Applications/COS Ferry.app/Contents/Resources/bin/cos-ferry" /usr/local/bin/cos-ferry
self="$0"
while [ -L "$self" ]; do
  target="$(readlink "$self")"
  case "$target" in
    /*) self="$target" ;;
    *) self="$(dirname "$self")/$target" ;;
  esac
done
exec "$(dirname "$self")/../../MacOS/COS Ferry" --command-line "$@"

#!/bin/sh
# What "cos-ferry" is on Linux. A command needs no display, and opens no page that Chromium's
# sandbox, which a build server often cannot give, would have to confine.
app="$(dirname "$(readlink -f "$0")")/cos-ferry-app"
command="${1-}"
# An AppImage puts this in front where the system gives it no sandbox.
if [ "$command" = --no-sandbox ]; then command="${2-}"; fi
case "$command" in
  upload | resume | list | abort | help | --help | -h)
    if [ "$1" = --no-sandbox ]; then shift; fi
    exec "$app" --no-sandbox --ozone-platform=headless --log-level=3 --command-line "$@" ;;
  *)
    exec "$app" "$@" ;;
esac

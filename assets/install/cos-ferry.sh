#!/bin/sh
# What "cos-ferry" is on Linux. A command needs no display, and opens no page that Chromium's
# sandbox, which a build server often cannot give, would have to confine.
app="$(dirname "$(readlink -f "$0")")/cos-ferry-app"
case "${1-}" in
  upload | resume | list | abort | help | --help | -h)
    exec "$app" --no-sandbox --ozone-platform=headless --log-level=3 --command-line "$@" ;;
  *)
    exec "$app" "$@" ;;
esac

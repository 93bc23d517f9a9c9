#!/bin/sh
# Runs the program of the local runtime, and ends it when the process that has started it is gone: a
# killed import cannot say goodbye, and the program would keep the databases open.
starter=$PPID
(
  while kill -0 "$starter" && kill -0 $$; do sleep 1; done
  kill -9 $$
) </dev/null >/dev/null 2>&1 3>&- &
exec "$WORKERD_PROGRAM" "$@"

#!/bin/sh
exec curl -fsS -o /dev/null "$CCCI_BASE_URL"

#!/bin/sh
curl -fsS "$CCCI_BASE_URL/" | grep -q Welcome

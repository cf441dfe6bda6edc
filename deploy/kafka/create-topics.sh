#!/bin/sh
# Makes the topics that are missing; those that are there stay as they are. Brokers make none by themselves: a misspelled
# name would become a topic with one partition that nobody reads.
set -eu

brokers=${BROKERS:?host:port of a broker}
copies=${REPLICATION_FACTOR:-1}
# one broker may be away when there are several
in_sync=$((copies > 1 ? copies - 1 : 1))
# Keys are spread over 8; more later would put a key's next message on another partition, out of its order.
partitions=8
# Kept for 30 days; the services remember for 35 what they have handled.
retention_ms=2592000000

while read -r topic; do
  [ -n "$topic" ] || continue
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$brokers" --create --if-not-exists --topic "$topic" \
    --partitions "$partitions" --replication-factor "$copies" \
    --config "retention.ms=$retention_ms" --config "min.insync.replicas=$in_sync"
done <<'LIST'
tom.activity.commands.v1
tom.activity.events.v1
tom.case.events.v1
tom.inbound.v1
tom.org.commands.v1
tom.org.events.v1
tom.task.commands.v1
tom.task.events.v1
LIST

#!/bin/sh
# Makes the topics that are missing; those that are there stay as they are. Brokers make none by themselves: a misspelled
# name would become a topic with one partition that nobody reads.
set -eu

brokers=${BROKERS:?host:port of a broker}
copies=${REPLICATION_FACTOR:-1}
# one broker may be away when there are several
in_sync=$((copies > 1 ? copies - 1 : 1))
# Kept for 30 days; the services remember for 35 what they have handled.
retention_ms=2592000000

# The list is that of deploy/topics.yaml (a test compares them): name, partitions, largest message in bytes.
while read -r topic partitions bytes; do
  [ -n "$topic" ] || continue
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$brokers" --create --if-not-exists --topic "$topic" \
    --partitions "$partitions" --replication-factor "$copies" \
    --config "retention.ms=$retention_ms" --config "min.insync.replicas=$in_sync" --config "max.message.bytes=$bytes"
done <<'LIST'
tom.activity.commands.v1 8 1048576
tom.activity.commands.v1.activity-service.dlq 1 4194304
tom.activity.events.v1 8 1048576
tom.activity.events.v1.stage-service.dlq 1 4194304
tom.activity.events.v1.task-service.dlq 1 4194304
tom.activity.events.v1.workflow-service.dlq 1 4194304
tom.case.events.v1 8 1048576
tom.case.events.v1.activity-service.dlq 1 4194304
tom.case.events.v1.workflow-service.dlq 1 4194304
tom.inbound.v1 8 1048576
tom.inbound.v1.activity-service.dlq 1 4194304
tom.inbound.v1.stage-service.dlq 1 4194304
tom.org.commands.v1 8 1048576
tom.org.commands.v1.stage-service.dlq 1 4194304
tom.org.events.v1 8 1048576
tom.org.events.v1.activity-service.dlq 1 4194304
tom.org.events.v1.task-service.dlq 1 4194304
tom.org.events.v1.workflow-service.dlq 1 4194304
tom.task.commands.v1 8 1048576
tom.task.commands.v1.task-service.dlq 1 4194304
tom.task.events.v1 8 1048576
tom.task.events.v1.activity-service.dlq 1 4194304
tom.task.events.v1.stage-service.dlq 1 4194304
tom.task.events.v1.workflow-service.dlq 1 4194304
LIST

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads events of TOM Flow: java -cp 'kafka-jars/*' ReadEvents.java host:port topic [how many]
 *
 * The position is committed after the work, so an event may come twice: remember ce_id, or use ce_aggregateid with
 * ce_revision, which is gapless. Order holds within a key, which is the company's id.
 */
public class ReadEvents {
  public static void main(String[] args) {
    String brokers = args[0];
    String topic = args[1];
    long most = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;

    Properties settings = new Properties();
    settings.put("bootstrap.servers", brokers);
    settings.put("group.id", "read-events-sample");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");

    long seen = 0;
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (seen < most) {
        for (ConsumerRecord<String, String> event : consumer.poll(Duration.ofSeconds(1))) {
          if (seen++ >= most) break;
          System.out.printf(
              "%d:%d %s org=%s revision=%s %s%n",
              event.partition(), event.offset(), header(event, "ce_type"), header(event, "ce_subject"),
              header(event, "ce_revision"), event.value());
        }
        consumer.commitSync();
      }
    }
  }

  private static String header(ConsumerRecord<String, String> event, String name) {
    Header header = event.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}

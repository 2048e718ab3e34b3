package dev.torc.examples;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What [RedisServer] can do, and its data: at most 65,536 keys, whose sizes and whose values'
/// [RespParser] bounds. Thread-safe.
final class RedisCommands {
    private static final int KEYS_MAX = 1 << 16;

    /// The commands, and how many words each has at least.
    private static final Map<String, Integer> WORDS_MIN =
            Map.of(
                    "PING", 1, "ECHO", 2, "GET", 2, "SET", 3, "DEL", 2, "CONFIG", 3, "COMMAND", 1,
                    "QUIT", 1);

    private final Map<String, byte[]> store = new ConcurrentHashMap<>();

    /// Answers a command; returns whether it was the connection's last.
    boolean answer(List<byte[]> words, RespReply reply) {
        if (words.isEmpty()) return false;
        String name = text(words.getFirst()).toUpperCase(Locale.ROOT);
        Integer least = WORDS_MIN.get(name);
        if (least == null) {
            reply.error("unknown command");
        } else if (words.size() < least) {
            reply.error("wrong number of arguments");
        } else {
            switch (name) {
                case "PING" -> ping(words, reply);
                case "ECHO" -> reply.bulk(words.get(1));
                case "GET" -> reply.bulk(store.get(text(words.get(1))));
                case "SET" -> set(words, reply);
                case "DEL" -> reply.number(words.stream().skip(1).filter(this::delete).count());
                case "CONFIG" -> reply.array(words.getLast(), new byte[0]);
                case "COMMAND" -> reply.array();
                default -> reply.status("OK"); // QUIT
            }
        }
        return name.equals("QUIT");
    }

    private static void ping(List<byte[]> words, RespReply reply) {
        if (words.size() == 1) {
            reply.status("PONG");
        } else {
            reply.bulk(words.get(1));
        }
    }

    private void set(List<byte[]> words, RespReply reply) {
        String key = text(words.get(1));
        if (words.size() > 3) {
            reply.error("SET has no options here");
        } else if (store.size() >= KEYS_MAX && !store.containsKey(key)) {
            reply.error("there are " + KEYS_MAX + " keys already: delete some");
        } else {
            store.put(key, words.get(2));
            reply.status("OK");
        }
    }

    private boolean delete(byte[] key) {
        return store.remove(text(key)) != null;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

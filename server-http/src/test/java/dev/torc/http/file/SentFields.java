package dev.torc.http.file;

import dev.torc.http.message.Fenced;
import dev.torc.http.message.Fields;

/// Field lines as a connection received them, in memory of exactly their size: a read beyond the
/// last of them fails.
final class SentFields implements AutoCloseable {
    private final Fenced memory;
    private final Fields fields = new Fields(100);

    private SentFields(String[] lines) {
        memory = Fenced.of(String.join("\r\n", lines));
        fields.moveTo(memory.address());
        int at = 0;
        for (String line : lines) {
            int colon = line.indexOf(':');
            int value = colon + 1;
            while (value < line.length() && line.charAt(value) == ' ') value++;
            fields.add(at, colon, at + value, line.length() - value);
            at += line.length() + 2;
        }
    }

    /// Each line as `Name: value`.
    static SentFields of(String... lines) {
        return new SentFields(lines);
    }

    Fields fields() {
        return fields;
    }

    @Override
    public void close() {
        memory.close();
    }
}

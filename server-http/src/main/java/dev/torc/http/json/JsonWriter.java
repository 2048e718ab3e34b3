package dev.torc.http.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.UTF8JsonGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;

/// Writes values with one generator for each platform thread, such as a shard's: to make one costs
/// more than to write a small value with it. Only Jackson's serializers allocate then.
///
/// To such a generator the values are a sequence, of which nothing may be left for the next one. So
/// after a failure it is not used again; and a virtual thread, which may be there for one value
/// only, a printer, which would separate the values, and a generator that the application has
/// decorated are made for each value.
final class JsonWriter {
    private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

    private final ObjectWriter writer;
    private final boolean sequential;
    private final ThreadLocal<Sequence> sequences = ThreadLocal.withInitial(Sequence::new);

    JsonWriter(JsonMapper mapper) {
        writer = mapper.writer().withRootValueSeparator((String) null);
        boolean prints = mapper.isEnabled(SerializationFeature.INDENT_OUTPUT);
        sequential = !prints && writer.createGenerator(NOWHERE) instanceof UTF8JsonGenerator;
    }

    void write(Object value, OutputStream target) {
        Sequence sequence =
                sequential && !Thread.currentThread().isVirtual() ? sequences.get() : null;
        if (sequence == null || sequence.isWriting()) {
            writer.writeValue(target, value);
        } else {
            sequence.write(value, target);
        }
    }

    /// A generator that writes each value to another target.
    private final class Sequence extends OutputStream {
        private JsonGenerator generator = writer.createGenerator(this);
        private OutputStream target = NOWHERE;
        private boolean writing;

        /// As it is when a value writes another.
        boolean isWriting() {
            return writing;
        }

        void write(Object value, OutputStream valueTarget) {
            boolean written = false;
            writing = true;
            target = valueTarget;
            try {
                writer.writeValue(generator, value);
                generator.flush();
                written = true;
            } finally {
                target = NOWHERE;
                writing = false;
                if (!written) generator = writer.createGenerator(this);
            }
        }

        @Override
        public void write(int octet) throws IOException {
            target.write(octet);
        }

        @Override
        public void write(byte[] source, int offset, int count) throws IOException {
            target.write(source, offset, count);
        }
    }
}

package dev.torc.examples;

import dev.torc.core.Slice;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts what one connection receives into lines of text, wherever the network cut it.
final class Lines {
    private final int bytesMax;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private boolean tooLong;

    /// Lines of at most `bytesMax` bytes.
    Lines(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// The lines that `data` completes, without control characters: a terminal would obey them.
    List<String> cut(Slice data) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < data.length() && !tooLong; i++) {
            byte next = data.getByte(i);
            if (next == '\n') {
                String line = begun.toString(StandardCharsets.UTF_8);
                lines.add(line.replaceAll("\\p{Cntrl}", "").strip());
                begun.reset();
            } else {
                tooLong = begun.size() == bytesMax;
                begun.write(next);
            }
        }
        return lines;
    }

    /// Whether a line was longer than it may be. Nothing is cut after that.
    boolean isTooLong() {
        return tooLong;
    }
}

package dev.torc.http.log;

import dev.torc.http.EndedRequest;

/// Writes a request's line, without its line feed. On one shard's thread; allocates nothing but the
/// time's text, once a second.
sealed interface LineFormat permits CommonLine, JsonLine, TerminalLine {
    void write(EndedRequest request, byte[] client, long epochMillis, LineBuffer line);
}

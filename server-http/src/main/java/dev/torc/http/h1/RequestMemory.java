package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.http.Request;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where the bytes of one exchange's request are: where they were received for as long as that is
/// theirs, else in slices of the shard's, or in memory of their own once the application keeps the
/// request. On the shard's thread; allocates nothing but for that.
final class RequestMemory {
    private final Http1Connections shared;
    private final Request request;
    private final RequestHead head;
    private @Nullable Slice headBuffer;
    private @Nullable Slice bodyBuffer;
    private @Nullable MemorySegment retained;
    private int headBytes;

    RequestMemory(Http1Connections shared, Request request, RequestHead head) {
        this.shared = shared;
        this.request = request;
        this.head = head;
    }

    /// The head is complete, and has so many bytes.
    void head(int bytes) {
        headBytes = bytes;
    }

    /// Copies the head out of the memory that it was received in; false when there is none for it.
    boolean keepHead() {
        if (isHeadKept()) return true;
        Slice buffer = shared.shard().buffers().take(headBytes);
        if (buffer == null) return false;
        buffer.append(head.address(), headBytes);
        headBuffer = buffer;
        head.moveTo(buffer.address());
        return true;
    }

    /// Whether the head is not where it was received.
    boolean isHeadKept() {
        return headBuffer != null || retained != null;
    }

    /// A piece of the body: left in place if it is all of it (`last`, and none came before), else
    /// gathered in a buffer that grows. False when there is no memory for it.
    boolean takeBody(long data, int bytes, boolean last) {
        if (last && bodyBuffer == null) {
            request.body(data, bytes);
        } else if (bytes > 0) {
            Slice buffer = shared.shard().buffers().extend(bodyBuffer, bytes);
            if (buffer == null) return false;
            bodyBuffer = buffer;
            buffer.append(data, bytes);
            request.body(buffer.address(), buffer.length());
        }
        return true;
    }

    /// Copies head and body, of so many bytes, to memory that stays for as long as the request is
    /// referred to.
    void retain(int bodyBytes) {
        if (retained != null) return;
        // The one place for memory that the garbage collector frees: whoever keeps the request may
        // use it on any thread and for ever, which no count of releases could be trusted with.
        MemorySegment copy = Arena.ofAuto().allocate((long) headBytes + bodyBytes, 8);
        Memory.copy(head.address(), copy.address(), headBytes);
        head.moveTo(copy.address());
        if (bodyBytes > 0) {
            Memory.copy(request.body().address(), copy.address() + headBytes, bodyBytes);
        }
        request.body(copy.address() + headBytes, bodyBytes);
        retained = copy;
    }

    boolean isRetained() {
        return retained != null;
    }

    /// Gives the shard's memory back.
    void release() {
        if (headBuffer != null) headBuffer.release();
        if (bodyBuffer != null) bodyBuffer.release();
        headBuffer = null;
        bodyBuffer = null;
    }
}
